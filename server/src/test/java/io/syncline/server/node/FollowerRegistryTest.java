package io.syncline.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.model.Command;
import io.syncline.model.Command.NoteFollowers;
import io.syncline.model.FollowerRegistration;
import io.syncline.model.Revision;
import io.syncline.model.Subscription;
import io.syncline.proto.sync.v1.FollowerStatus;
import io.syncline.proto.sync.v1.Selector;
import io.syncline.server.AppliedStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the log is told of followers. */
class FollowerRegistryTest {
  private static final Duration FORGOTTEN = Duration.ofDays(7);
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir
  Path folder;

  private AppliedStore store;
  private FollowerRegistry registry;

  @BeforeEach
  void open() {
    store = new AppliedStore(folder);
    registry = new FollowerRegistry(store.store(), FORGOTTEN);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void aFollowerIsNotedAsTheVoterKnowsItThatSawItLast() {
    note(NOW, status("edge", 5, 1_000), status("edge", 7, 200), status("edge", 6, 5_000));

    assertThat(noted())
        .containsExactly(new FollowerRegistration(
            "edge",
            "10.0.0.7:7410",
            Subscription.EVERYTHING,
            new Revision(7),
            NOW.minusMillis(200)));
  }

  @Test
  void onlyWhatHasChangedIsNotedAgain() {
    note(NOW, status("edge", 5, 0));

    assertThat(registry.due(List.of(status("edge", 5, 0)), NOW.plusSeconds(10))).isEmpty();
    assertThat(registry.due(List.of(status("edge", 6, 0)), NOW.plusSeconds(10))).hasSize(1);
    assertThat(registry.due(List.of(status("edge", 5, 0)), NOW.plus(Duration.ofHours(2))))
        .as("seen again after long")
        .hasSize(1);
  }

  @Test
  void cachesAndThoseThatOnlyTheLogRemembersAreNotNoted() {
    var cache = status("cache", 5, 0).toBuilder().setDurable(false).build();
    var remembered = status("gone", 5, 0).toBuilder().setRemembered(true).build();

    assertThat(registry.due(List.of(cache, remembered), NOW)).isEmpty();
  }

  @Test
  void whoIsUnseenForLongIsForgotten() {
    note(NOW, status("edge", 5, 0));

    assertThat(registry.due(List.of(), NOW.plus(FORGOTTEN))).isEmpty();
    assertThat(registry.due(List.of(), NOW.plus(FORGOTTEN).plusSeconds(1)))
        .containsExactly(new NoteFollowers(List.of(), List.of("edge")));
  }

  @Test
  void whatHasNotTheStatedFormIsLeftOutAndHarmsNobody() {
    var malformed = status("edge", 5, 0).toBuilder()
        .clearSelectors()
        .addSelectors(Selector.newBuilder().setNamespace("NO NAME"))
        .build();

    note(NOW, malformed, status("", 5, 0), status("edge-2", -1, 0), status("edge-3", 5, 0));

    assertThat(noted()).extracting(FollowerRegistration::id).containsExactly("edge-3");
  }

  @Test
  void thousandsAreNotedInCommandsOfBoundedSize() {
    var statuses = new ArrayList<FollowerStatus>();
    for (int i = 0; i < 10_000; i++) {
      statuses.add(status("edge-" + i, 5, 0));
    }

    List<Command> commands = registry.due(statuses, NOW);
    commands.forEach(store::apply);

    assertThat(commands).hasSizeGreaterThan(1);
    assertThat(noted()).hasSize(10_000);
  }

  private void note(Instant now, FollowerStatus... statuses) {
    registry.due(List.of(statuses), now).forEach(store::apply);
  }

  private List<FollowerRegistration> noted() {
    return store.store().read(reader -> reader.followers());
  }

  private static FollowerStatus status(String id, long cursor, long seenMsAgo) {
    return FollowerStatus.newBuilder()
        .setFollowerId(id)
        .setAddress("10.0.0.7:7410")
        .addSelectors(Selector.getDefaultInstance())
        .setCursor(cursor)
        .setDurable(true)
        .setLastSeenMsAgo(seenMsAgo)
        .build();
  }
}
