package io.syncline.bench.fanout;

import io.syncline.bench.load.Clock;
import io.syncline.bench.load.Load;
import io.syncline.bench.load.Measurement;
import io.syncline.bench.load.Progress;
import io.syncline.bench.load.Run;
import io.syncline.bench.process.ClusterFailed;
import io.syncline.bench.process.Listener;
import io.syncline.bench.process.Members;
import io.syncline.bench.process.ResidentMemory;
import io.syncline.bench.result.Row;
import io.syncline.bench.store.Dataset;
import io.syncline.bench.store.Phases;
import io.syncline.bench.store.SynclineTarget;
import io.syncline.bench.store.Workloads;
import io.syncline.model.Endpoint;
import io.syncline.model.Revision;
import io.syncline.proto.sync.v1.FollowerStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A follower that stops reading while writes go on: what it costs the voter that sends to it. */
public final class Stall {
  private final SynclineTarget target;
  private final Dataset data;
  private final Members members;
  private final FollowerProcess follower;
  private final Endpoint voter;
  private final Plan plan;

  /**
   * @param load the writes that go on: its warm-up, and its duration with a follower that reads
   * @param stalled how long it does not
   */
  public record Plan(Load load, Duration stalled) {}

  /**
   * @param members that the follower is one of
   * @param voter what it follows
   */
  public Stall(
      SynclineTarget target,
      Dataset data,
      Members members,
      FollowerProcess follower,
      Endpoint voter,
      Plan plan) {
    this.target = target;
    this.data = data;
    this.members = members;
    this.follower = follower;
    this.voter = voter;
    this.plan = plan;
  }

  /**
   * One round; the follower has all that was written when it ends.
   *
   * @throws ClusterFailed if the follower does not get there in two minutes
   */
  public Result run() throws IOException {
    follower.await(members, target.client(), head());
    Clock clock = Clock.SYSTEM;
    var phases = new Phases(Workloads.put(target, data), clock);
    Duration whole = plan.load().warmup().plus(plan.load().duration()).plus(plan.stalled());
    Load endless = Load.closed(
        plan.load().inFlight(),
        Duration.ZERO,
        whole.multipliedBy(2),
        plan.load().seed());
    ExecutorService writer = Executors.newSingleThreadExecutor();
    Future<?> writing = writer.submit(() -> Run.measure(clock, endless, phases, Progress.NONE));
    try {
      clock.parkUntil(clock.nanos() + plan.load().warmup().toNanos());
      var unused = phases.next();
      clock.parkUntil(clock.nanos() + plan.load().duration().toNanos());
      long bytesBefore = voterBytes();
      long sentBefore = sent();
      Revision headBefore = head();
      Measurement reading = phases.next();
      follower.pause();
      clock.parkUntil(clock.nanos() + plan.stalled().toNanos());
      Measurement stalled = phases.next();
      return new Result(
          plan.load(),
          reading,
          stalled,
          head().value() - headBefore.value(),
          bytesBefore,
          voterBytes(),
          sent() - sentBefore);
    } finally {
      follower.resume();
      writing.cancel(true);
      writer.shutdown();
    }
  }

  private Revision head() {
    return new Revision(target.client().status(voter).getHeader().getRevision());
  }

  private long voterBytes() {
    return Listener.on(voter.port()).map(ResidentMemory::ofBytes).orElse(0L);
  }

  private long sent() {
    return target.client().followers(voter).stream()
        .filter(status -> status.getFollowerId().equals(follower.id()))
        .mapToLong(FollowerStatus::getBytes)
        .sum();
  }

  /**
   * What one round came to.
   *
   * @param reading writes while the follower reads
   * @param stalled writes while it does not
   * @param behind revisions written meanwhile
   * @param voterBytesBefore resident memory of the voter when it stopped reading
   * @param voterBytesAfter … and at the end of the stall
   * @param sentBytes of batches sent to it during the stall
   */
  public record Result(
      Load load,
      Measurement reading,
      Measurement stalled,
      long behind,
      long voterBytesBefore,
      long voterBytesAfter,
      long sentBytes) {
    /** How many times as long the slowest hundredth of writes took. */
    public double worse() {
      return (double) stalled.percentile(99).toNanos()
          / Math.max(1, reading.percentile(99).toNanos());
    }

    public List<Row> rows() {
      return List.of(
          new Row("put, follower reads", load, reading), new Row("put, stalled", load, stalled));
    }

    /** For people. */
    public String text() {
      return String.format(
          Locale.ROOT,
          "stalled for %.0f s, %,d revisions: put p99 stalled / reading: %.2f%n"
              + "  sent to it meanwhile: %.1f MB;"
              + " resident memory of the voter: %,d MB before, %,d MB after",
          stalled.elapsed().toNanos() / 1e9,
          behind,
          worse(),
          sentBytes / 1e6,
          voterBytesBefore / 1_000_000,
          voterBytesAfter / 1_000_000);
    }

    /** What is not in the rows, by name. */
    public Map<String, Long> findings() {
      var findings = new TreeMap<String, Long>();
      findings.put("behind_revisions", behind);
      findings.put("put_p99_stalled_per_mille_of_reading", Math.round(worse() * 1000));
      findings.put("voter_resident_bytes_before", voterBytesBefore);
      findings.put("voter_resident_bytes_after", voterBytesAfter);
      findings.put("sent_bytes", sentBytes);
      return findings;
    }
  }
}
