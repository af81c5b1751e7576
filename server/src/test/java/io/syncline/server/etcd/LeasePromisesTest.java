package io.syncline.server.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.model.Fault;
import io.syncline.model.Lease;
import io.syncline.model.RejectedException;
import io.syncline.server.AppliedStore;
import io.syncline.server.Seed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random grants, renewals and changes of leaders, with a slow log, in a time of its own: whatever happens,
 * no lease ends before it was promised to, and none lives on for long.
 */
class LeasePromisesTest {
  private static final int VOTERS = 3;
  private static final int MINUTES = 10;
  private static final Duration GRACE = Duration.ofSeconds(1);
  private static final long TICK_MS = Lessor.TICK.toMillis();

  /** What a lease may gain at most each time that another voter leads. */
  private static final long GAIN_MS = 30_000 + GRACE.toMillis() + 5_000;

  private static final long SLACK_MS = 5_000;

  @TempDir
  Path root;

  private final Random random = Seed.random();
  private final List<HandLedVoter> voters = new ArrayList<>();
  private final List<Lessor> lessors = new ArrayList<>();
  private final Map<Long, Promise> promises = new TreeMap<>();
  private AppliedStore store;
  private long nowMs;
  private int leader;
  private long term = 1;

  /**
   * What a client was told last.
   *
   * @param untilMs when its lease may end
   * @param latestMs when it must have ended, if it is renewed no more; grows with each change of leaders
   */
  private record Promise(long untilMs, long latestMs) {}

  @BeforeEach
  void open() {
    store = new AppliedStore(root.resolve("store"));
  }

  @RepeatedTest(3)
  void noLeaseEndsBeforeItWasPromisedToAndNoneLivesOn() {
    try (AppliedStore opened = store) {
      for (int i = 0; i < VOTERS; i++) {
        var voter = new HandLedVoter(store);
        voter.term = i == 0 ? 1 : 0;
        voter.really = i == 0;
        long origin = random.nextLong();
        voters.add(voter);
        lessors.add(new Lessor(
            voter, Duration.ofSeconds(2), GRACE, () -> origin + nowMs * 1_000_000, this::fail));
      }
      while (nowMs < MINUTES * 60_000) {
        step(true);
      }
      heal();
      for (long end = nowMs + 400_000; nowMs < end && !stored().isEmpty(); ) {
        step(false);
      }
      assertThat(stored()).isEmpty();
      lessors.forEach(Lessor::close);
    }
  }

  private void fail(Fault fault) {
    throw new AssertionError(fault);
  }

  private void step(boolean eventful) {
    nowMs += TICK_MS;
    if (eventful) {
      disturb();
    }
    voters.get(leader).commit(random.nextInt(40));
    for (Lessor lessor : lessors) {
      lessor.tick();
    }
    if (eventful) {
      call(random.nextInt(10) == 0 ? random.nextInt(VOTERS) : leader);
    }
    check();
  }

  private void disturb() {
    if (random.nextInt(150) == 0) {
      HandLedVoter deposed = voters.get(leader);
      deposed.lose(random.nextInt(5));
      deposed.really = false;
      leader = random.nextInt(VOTERS);
      term++;
      HandLedVoter elected = voters.get(leader);
      elected.really = true;
      elected.term = term;
      elected.slow = random.nextBoolean();
      promises.replaceAll((id, p) -> new Promise(p.untilMs, Math.max(p.latestMs, nowMs) + GAIN_MS));
    }
    for (HandLedVoter voter : voters) {
      if (!voter.really && random.nextInt(20) == 0) {
        // only now it learns that others lead
        voter.term = 0;
      }
    }
  }

  private void heal() {
    voters.forEach(voter -> {
      voter.slow = false;
      voter.commit(Integer.MAX_VALUE);
      voter.term = voter.really ? voter.term : 0;
    });
  }

  private void call(int at) {
    Lessor lessor = lessors.get(at);
    try {
      if (random.nextInt(8) == 0) {
        long id = 1L + random.nextInt(1_000_000);
        var unused = lessor
            .grant(Caller.NOBODY, id, Duration.ofSeconds(random.nextInt(120)))
            .thenAccept(granted -> promise(id, nowMs, granted.ttl()));
      } else if (!promises.isEmpty()) {
        List<Long> known = List.copyOf(promises.keySet());
        long id = known.get(random.nextInt(known.size()));
        long asked = nowMs;
        var unused = lessor.renew(id).thenAccept(ttl -> {
          if (ttl.isZero()) {
            promises.remove(id);
          } else {
            promise(id, asked, ttl);
          }
        });
      }
    } catch (RejectedException e) {
      assertThat(voters.get(at).term).isZero();
    }
  }

  private void promise(long id, long fromMs, Duration ttl) {
    long until = fromMs + ttl.toMillis();
    Promise before = promises.get(id);
    promises.put(
        id,
        new Promise(
            before == null ? until : Math.max(before.untilMs, until),
            nowMs + ttl.toMillis() + SLACK_MS));
  }

  private void check() {
    Set<Long> stored = stored();
    promises.forEach((id, promise) -> {
      if (!stored.contains(id)) {
        assertThat(nowMs).as("the end of lease %s", id).isGreaterThanOrEqualTo(promise.untilMs);
      } else if (!voters.get(leader).slow) {
        assertThat(nowMs).as("the life of lease %s", id).isLessThan(promise.latestMs);
      }
    });
    promises.keySet().removeIf(id -> !stored.contains(id));
  }

  private Set<Long> stored() {
    return voters.get(0).leases().stream().map(Lease::id).collect(Collectors.toSet());
  }
}
