package io.syncline.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.syncline.client.SynclineClient;
import io.syncline.client.UnavailableException;
import io.syncline.client.WriteResult;
import io.syncline.model.Command;
import io.syncline.model.Endpoint;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.Revision;
import io.syncline.proto.api.v1.FollowerView;
import io.syncline.proto.sync.v1.FollowerStatus;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A follower with a heap of 512 MiB takes a copy of {@code -Dsyncline.bootstrap.mib} MiB that is past
 * all history, is killed in the middle, and goes on.
 */
class BootstrapTest {
  private static final Logger LOG = LoggerFactory.getLogger(BootstrapTest.class);
  private static final int CONTENT_BYTES = 100 << 10;
  private static final int MIB = Integer.getInteger("syncline.bootstrap.mib", 100);
  private static final int KEYS = (int) ((long) MIB * (1 << 20) / CONTENT_BYTES);
  private static final int IN_FLIGHT = 16;

  /** So much of a snapshot may have to be taken again, and some more that was on its way. */
  private static final long MOST_TAKEN_AGAIN_BYTES = 24L << 20;

  @TempDir
  Path root;

  @Test
  void aKilledFollowerGoesOnWithItsFirstCopy() throws Exception {
    try (var cluster = ProcessCluster.started(root);
        SynclineClient client = cluster.client()) {
      Revision head = write(client);
      client.write(new Command.Compact(null, head), "no history to follow");
      var follower = new FollowerProcess("edge", root, cluster.endpointsText());
      follower.start();
      try {
        await()
            .atMost(ProcessCluster.PATIENCE.multipliedBy(5))
            .until(() -> view(client, follower).getCopyingKeys() >= KEYS / 2);
        long before = view(client, follower).getCopyingKeys() * CONTENT_BYTES;
        follower.kill();
        follower.start();

        await()
            .atMost(ProcessCluster.PATIENCE.multipliedBy(5))
            .until(() -> isLevel(client, cluster.endpoints(), head));
        FollowerView after = view(client, follower);
        LOG.info(
            "bootstrap: keys={} bytes before the kill={} after it={}",
            KEYS,
            before,
            after.getSnapshotBytes());
        assertThat(after.getSnapshots()).isEqualTo(1);
        assertThat(before + after.getSnapshotBytes())
            .as("what had been taken was not taken again")
            .isLessThan((long) KEYS * CONTENT_BYTES + MOST_TAKEN_AGAIN_BYTES);
      } finally {
        follower.kill();
      }
    }
  }

  private static Revision write(SynclineClient client) {
    var random = new Random(1);
    var underway = new ArrayDeque<CompletableFuture<WriteResult>>();
    Revision last = Revision.ZERO;
    for (int i = 0; i < KEYS; i++) {
      byte[] content = new byte[CONTENT_BYTES];
      random.nextBytes(content);
      underway.add(client
          .async()
          .put(NamespaceName.DEFAULT, Key.of("key/" + i), ByteString.copyFrom(content)));
      if (underway.size() >= IN_FLIGHT) {
        last = Revision.max(last, underway.remove().join().revision());
      }
    }
    for (CompletableFuture<WriteResult> one : underway) {
      last = Revision.max(last, one.join().revision());
    }
    return last;
  }

  private static FollowerView view(SynclineClient client, FollowerProcess follower) {
    try {
      return client.status(follower.address()).getFollower();
    } catch (UnavailableException e) {
      // not there yet
      return FollowerView.getDefaultInstance();
    }
  }

  private static boolean isLevel(SynclineClient client, Iterable<Endpoint> voters, Revision head) {
    for (Endpoint voter : voters) {
      Optional<FollowerStatus> level = client.followers(voter).stream()
          .filter(status -> status.getCursor() >= head.value() && status.getDigestsEqual())
          .findFirst();
      if (level.isPresent()) {
        return true;
      }
    }
    return false;
  }
}
