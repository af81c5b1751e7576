package io.syncline.server.retain;

import static io.syncline.server.Commands.DEFAULT;
import static io.syncline.server.Commands.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.model.Command;
import io.syncline.model.ConfigVersion;
import io.syncline.model.FollowerRegistration;
import io.syncline.model.Key;
import io.syncline.model.NamespaceSettings;
import io.syncline.model.Revision;
import io.syncline.model.Subscription;
import io.syncline.model.Version;
import io.syncline.server.AppliedStoreFixture;
import io.syncline.server.read.Reads;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which history goes by age and by count, and which never does. */
class RetentionTest extends AppliedStoreFixture {
  private static final Duration GRACE = Duration.ofMinutes(10);
  private static final long FOLLOWER_BYTES = 64 << 10;

  @Test
  void nothingGoesUnlessItIsAskedFor() {
    store.apply(put("key", "1"));
    store.apply(put("key", "2"));

    assertThat(due(timeOf(2).plus(Duration.ofDays(1000)))).isEmpty();
  }

  @Test
  void whatWasSupersededLongerAgoThanTheAgeGoes() {
    retain(Duration.ofHours(1), 0);
    for (int i = 1; i <= 4; i++) {
      store.apply(put("key", "content " + i));
    }

    List<Command> due = due(timeOf(3).plus(Duration.ofHours(1)));

    assertThat(due).containsExactly(new Command.Compact(DEFAULT, new Revision(3)));
    store.apply(due.toArray(Command[]::new));
    assertThat(history("key")).containsExactly(3L, 4L);
    assertThat(due(timeOf(3).plus(Duration.ofHours(1)))).isEmpty();
  }

  @Test
  void historyThatAFollowerStillNeedsStays() {
    retain(Duration.ofHours(1), 0);
    for (int i = 1; i <= 6; i++) {
      store.apply(put("key", "content " + i));
    }
    note(follower("behind", Subscription.EVERYTHING, 2));
    note(follower("elsewhere", Subscription.parse("other"), 1));
    Instant late = timeOf(6).plus(Duration.ofHours(1));

    assertThat(due(late)).containsExactly(new Command.Compact(DEFAULT, new Revision(2)));

    note(follower("behind", Subscription.EVERYTHING, 5));
    assertThat(due(late)).containsExactly(new Command.Compact(DEFAULT, new Revision(5)));

    store.apply(new Command.NoteFollowers(List.of(), List.of("behind")));
    assertThat(due(late)).containsExactly(new Command.Compact(DEFAULT, new Revision(6)));
  }

  @Test
  void theCountLimitWaitsForAFollowerToo() {
    retain(Duration.ZERO, 2);
    for (int i = 1; i <= 6; i++) {
      store.apply(put("key", "content " + i));
    }
    note(follower("behind", Subscription.parse("default:k"), 3));

    applyAllDue(timeOf(6).plus(GRACE));

    assertThat(history("key")).containsExactly(3L, 4L, 5L, 6L);
  }

  @Test
  void historyDoesNotWaitForAFollowerThatIsTooFarBehind() {
    retain(Duration.ofHours(1), 0);
    store.apply(put("key", "first"));
    for (int i = 1; i <= 4; i++) {
      store.apply(put("key", incompressible(FOLLOWER_BYTES / 2, i)));
    }
    store.apply(put("key", "last"));
    note(follower("far", Subscription.EVERYTHING, 1));
    note(follower("near", Subscription.EVERYTHING, 5));

    assertThat(due(timeOf(6).plus(Duration.ofHours(1))))
        .containsExactly(new Command.Compact(DEFAULT, new Revision(5)));
  }

  private static String incompressible(long size, int seed) {
    var random = new Random(seed);
    return random
        .ints(size, 'a', 'z' + 1)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private void note(FollowerRegistration follower) {
    store.apply(new Command.NoteFollowers(List.of(follower), List.of()));
  }

  private static FollowerRegistration follower(String id, Subscription of, long cursor) {
    return new FollowerRegistration(id, "", of, new Revision(cursor), Instant.EPOCH);
  }

  @Test
  void theNewestVersionNeverGoesHoweverOldItIs() {
    retain(Duration.ofHours(1), 1);
    store.apply(put("key", "1"));
    store.apply(put("key", "2"));

    applyAllDue(timeOf(2).plus(Duration.ofDays(1000)));
    new Sweep(store.store()).run();

    assertThat(history("key")).containsExactly(2L);
    assertThat(store.head("key").content().toStringUtf8()).isEqualTo("2");
  }

  @Test
  void versionsBeyondTheCountGoAndOnlyOfTheirKey() {
    retain(Duration.ZERO, 3);
    for (int i = 1; i <= 10; i++) {
      store.apply(put("busy", "content " + i));
    }
    store.apply(put("quiet", "1"));
    store.apply(put("quiet", "2"));

    applyAllDue(timeOf(12).plus(GRACE));

    assertThat(history("busy")).containsExactly(8L, 9L, 10L);
    assertThat(history("quiet")).containsExactly(1L, 2L);
  }

  @Test
  void theCountTakesNothingThatWasSupersededWithinTheGrace() {
    retain(Duration.ZERO, 1);
    for (int i = 1; i <= 10; i++) {
      store.apply(put("key", "content " + i));
    }

    applyAllDue(timeOf(6).plus(GRACE));

    assertThat(history("key")).containsExactly(6L, 7L, 8L, 9L, 10L);
  }

  @Test
  void oneCommandDropsNoMoreThanItsBoundAndTheNextGoesOn() {
    retain(Duration.ZERO, 1);
    for (int batch = 0; batch < 25; batch++) {
      Command[] puts = new Command[100];
      for (int i = 0; i < puts.length; i++) {
        puts[i] = put("key", "content " + batch + "." + i);
      }
      store.apply(puts);
    }
    Instant later = timeOf(2500).plus(GRACE);

    List<Command> first = due(later);

    assertThat(first)
        .containsExactly(new Command.Prune(
            DEFAULT,
            List.of(new Command.Prune.PrunedKey(
                Key.of("key"), new Version(1L + Retention.MAX_DROPPED_PER_COMMAND)))));
    applyAllDue(later);
    assertThat(history("key")).containsExactly(2500L);
  }

  private void retain(Duration age, long versions) {
    store.committed(new Command.UpdateNamespace(DEFAULT, new NamespaceSettings(age, versions)));
  }

  private Instant timeOf(int revision) {
    return store.changes().get(revision - 1).createdAt();
  }

  private List<Command> due(Instant now) {
    return new Retention(store.store(), GRACE, FOLLOWER_BYTES).due(now);
  }

  private void applyAllDue(Instant now) {
    for (List<Command> due = due(now); !due.isEmpty(); due = due(now)) {
      store.apply(due.toArray(Command[]::new));
    }
  }

  private List<Long> history(String key) {
    return new Reads(store.store())
        .history(DEFAULT, Key.of(key), null, false, 9999, false).versions().stream()
            .map(ConfigVersion::version)
            .map(Version::value)
            .toList();
  }
}
