package io.syncline.server.node;

import static io.syncline.server.LocalCluster.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.syncline.client.cache.ConfigCache;
import io.syncline.client.cache.ConfigListener;
import io.syncline.client.cache.ConfigListener.Change;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.Revision;
import io.syncline.model.Selector;
import io.syncline.proto.api.v1.TransactRequest;
import io.syncline.proto.api.v1.TransactRequest.DeleteAction;
import io.syncline.proto.api.v1.TransactRequest.PutAction;
import io.syncline.server.LocalCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an application's own copy promises, at a real voter. */
class ConfigCacheTest {
  @TempDir
  Path root;

  private LocalCluster cluster;
  private String leader;

  @BeforeEach
  void startVoter() {
    cluster = new LocalCluster(root, 1, builder -> builder);
    cluster.startAll();
    leader = cluster.awaitLeader();
  }

  @AfterEach
  void stopVoter() {
    cluster.close();
  }

  @Test
  void S0_27_aChangeIsSeenWithoutAnyRestart() throws InterruptedException {
    cluster.put(leader, "key", "one");
    try (ConfigCache cache = start("cache")) {
      assertThat(cache.awaitReady(PATIENCE)).isTrue();
      awaitValue(cache, "key", "one");
      cluster.put(leader, "key", "two");
      awaitValue(cache, "key", "two");
      assertThat(cache.age()).isPresent();
    }
  }

  @Test
  void S0_24_aListenerIsToldOfWholeBatchesWithOldAndNew() {
    cluster.put(leader, "a", "1");
    cluster.put(leader, "b", "1");
    var told = new CopyOnWriteArrayList<List<Change>>();
    try (ConfigCache cache = start("cache")) {
      awaitValue(cache, "b", "1");
      cache.listen(Selector.all(NamespaceName.DEFAULT), (revision, changes) -> told.add(changes));
      await().atMost(PATIENCE).until(() -> told.size() == 1);
      assertThat(told.get(0))
          .extracting(Change::type)
          .containsExactly(ConfigListener.Type.PUT, ConfigListener.Type.PUT);

      long revision = changeThreeAtOnce();
      await().atMost(PATIENCE).until(() -> told.size() == 2);

      assertThat(told.get(1)).extracting(c -> c.key().toString()).containsExactly("a", "b", "c");
      assertThat(told.get(1))
          .extracting(Change::type)
          .containsExactly(
              ConfigListener.Type.REPLACE, ConfigListener.Type.DELETE, ConfigListener.Type.PUT);
      assertThat(told.get(1).get(0).before().orElseThrow().content().toStringUtf8())
          .isEqualTo("1");
      assertThat(cache.image().revision()).isEqualTo(new Revision(revision));
    }
  }

  @Test
  void S2_11_withoutTheCentreItStartsWithTheLastGoodState() {
    for (int i = 0; i < 20; i++) {
      cluster.put(leader, "key/" + i, "content " + i);
    }
    try (ConfigCache cache = start("cache")) {
      awaitValue(cache, "key/19", "content 19");
    }
    cluster.stopAll();

    try (ConfigCache cache = start("cache")) {
      assertThat(cache.ready()).isTrue();
      assertThat(value(cache, "key/7")).isEqualTo("content 7");
      assertThat(cache.age()).as("nobody has confirmed it").isEmpty();
    }
  }

  @Test
  void aDamagedLastGoodStateIsUsedUpToTheDamageAndCompletedFromTheCentre() throws IOException {
    try (ConfigCache cache = start("cache")) {
      for (int i = 0; i < 20; i++) {
        cluster.put(leader, "key/" + i, "content " + i);
        awaitValue(cache, "key/" + i, "content " + i);
      }
    }
    Path batches = root.resolve("cache/batches");
    byte[] bytes = Files.readAllBytes(batches);
    bytes[bytes.length / 2] ^= 1;
    Files.write(batches, bytes);

    try (ConfigCache cache = start("cache")) {
      awaitValue(cache, "key/19", "content 19");
      assertThat(value(cache, "key/0")).isEqualTo("content 0");
      assertThat(value(cache, "key/10")).isEqualTo("content 10");
    }
  }

  private ConfigCache start(String folder) {
    return ConfigCache.builder()
        .endpoints(cluster.address(leader).client().toString())
        .subscribe("default")
        .lastGood(root.resolve(folder))
        .start();
  }

  private static void awaitValue(ConfigCache cache, String key, String expected) {
    await().atMost(PATIENCE).until(() -> value(cache, key), expected::equals);
  }

  private static String value(ConfigCache cache, String key) {
    return cache
        .get(NamespaceName.DEFAULT, Key.of(key))
        .map(version -> version.content().toStringUtf8())
        .orElse("");
  }

  private long changeThreeAtOnce() {
    var transaction = TransactRequest.newBuilder().setNamespace("default");
    var two = PutAction.newBuilder().setContent(bytes("2"));
    transaction.addThenOperationsBuilder().setKey(bytes("a")).setPut(two);
    transaction
        .addThenOperationsBuilder()
        .setKey(bytes("b"))
        .setDelete(DeleteAction.getDefaultInstance());
    transaction.addThenOperationsBuilder().setKey(bytes("c")).setPut(two);
    return cluster.config(leader).transact(transaction.build()).getHeader().getRevision();
  }

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
