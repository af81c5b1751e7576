package io.syncline.verify;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.syncline.client.sync.FollowSettings;
import io.syncline.model.Endpoint;
import io.syncline.model.Subscription;
import io.syncline.server.node.Follower;
import io.syncline.server.node.FollowerSettings;
import io.syncline.server.node.MonitoringSettings;
import io.syncline.server.node.RefusedToStart;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a follower does not start. */
class FollowerStartTest {
  @TempDir
  Path root;

  @Test
  void onADiskWithoutRoomItDoesNotBegin() throws Exception {
    Path data = root.resolve("f1");
    try (var disk = SmallDisk.mount(data, "3m")) {
      assertThatExceptionOfType(RefusedToStart.class)
          .isThrownBy(() -> {
            try (var follower = Follower.start(settings(data), fault -> {})) {
              throw new AssertionError("it started: " + follower.view());
            }
          })
          .withMessageContaining("No space left on device of " + data);
    }
  }

  private static FollowerSettings settings(Path data) {
    var anywhere = new Endpoint("127.0.0.1", 0);
    var nobody = List.of(new Endpoint("127.0.0.1", 1));
    return new FollowerSettings(
        "f1",
        data,
        anywhere,
        anywhere,
        nobody,
        Subscription.EVERYTHING,
        FollowSettings.DEFAULT,
        nobody,
        Duration.ofHours(1),
        Duration.ofSeconds(2),
        FollowerSettings.FEED_CHANGES,
        FollowerSettings.FEED_BYTES,
        FollowerSettings.MAX_WATCHES,
        MonitoringSettings.DEFAULT);
  }
}
