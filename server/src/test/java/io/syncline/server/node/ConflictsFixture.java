package io.syncline.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.syncline.client.SynclineClient;
import io.syncline.client.sync.FollowSettings.Mode;
import io.syncline.model.Command;
import io.syncline.model.Command.Content;
import io.syncline.model.Endpoint;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.Precondition;
import io.syncline.model.Revision;
import io.syncline.model.Subscription;
import io.syncline.model.Version;
import io.syncline.server.LocalCluster;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Voters with a follower of theirs, and a client that writes. */
abstract class ConflictsFixture {
  static final String BASE = "a: 1\nb: 1\nc: 1\n";
  static final String OURS = "a: 2\nb: 1\nc: 1\n";
  static final String THEIRS = "a: 1\nb: 1\nc: 2\n";
  static final Precondition AT_BASE = new Precondition.AtVersion(new Version(1));
  static final Key REQUESTED = Key.of("requested.yaml");
  static final Key ALTERED = Key.of("altered.yaml");

  @TempDir
  Path root;

  private final int size;
  LocalCluster cluster;
  LocalFollowers followers;
  Endpoint[] voters;
  SynclineClient client;

  /**
   * @param size how many voters
   */
  ConflictsFixture(int size) {
    this.size = size;
  }

  @BeforeEach
  void start() {
    cluster = new LocalCluster(root, size, builder -> builder);
    cluster.startAll();
    cluster.awaitLeader();
    followers = new LocalFollowers(root);
    voters = cluster.addresses().stream().map(VoterAddress::client).toArray(Endpoint[]::new);
    client = followers.client("alice", voters);
  }

  @AfterEach
  void stopAll() {
    followers.close();
    cluster.close();
    assertThat(followers.faults()).isEmpty();
    assertThat(cluster.faults()).isEmpty();
  }

  void put(NamespaceName namespace, Key key, String text, Precondition precondition) {
    client.write(new Command.Put(namespace, key, content(text), precondition, false, null), "");
  }

  static Content content(String text) {
    return Content.of(ByteString.copyFromUtf8(text), "");
  }

  Follower startFollower() {
    return followers.start("edge", Mode.PUSH, Subscription.EVERYTHING, List.of(voters));
  }

  void awaitLevel(Follower follower) {
    Revision head = new Revision(client
        .status(cluster.address(cluster.awaitLeader()).client())
        .getHeader()
        .getRevision());
    followers.awaitAt(follower, head.value());
  }
}
