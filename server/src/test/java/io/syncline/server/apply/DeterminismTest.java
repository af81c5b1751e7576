package io.syncline.server.apply;

import static io.syncline.server.Commands.OTHER;
import static io.syncline.server.Commands.createNamespace;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.codec.LogCodec;
import io.syncline.model.Checksum;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Conflict;
import io.syncline.model.DigestBuckets;
import io.syncline.model.KeyRange;
import io.syncline.model.NamespaceName;
import io.syncline.model.NamespaceRecord;
import io.syncline.model.Outcome;
import io.syncline.model.ProposedCommand;
import io.syncline.server.AppliedStore;
import io.syncline.server.Commands;
import io.syncline.server.Seed;
import io.syncline.server.retain.Sweep;
import io.syncline.server.store.Store;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same log gives the same state and the same outcomes, whatever else a voter went through. */
class DeterminismTest {
  private static final int COMMANDS = 2000;

  @TempDir
  Path root;

  @Test
  void restartsAndSweepsLeaveNoTraceInWhatIsDecided() {
    Random random = Seed.random();
    try (var plain = new AppliedStore(root.resolve("plain"));
        var restarted = new AppliedStore(root.resolve("restarted"));
        var swept = new AppliedStore(root.resolve("swept"))) {
      var before = new ArrayList<ProposedCommand>();
      plain.apply(createNamespace(OTHER));
      restarted.apply(createNamespace(OTHER));
      swept.apply(createNamespace(OTHER));
      while (before.size() < COMMANDS) {
        List<ProposedCommand> batch = batch(random, plain.revision().value(), before);
        before.addAll(batch);

        List<Outcome> outcomes = plain.apply(throughTheLog(batch)).outcomes();

        assertThat(restarted.apply(batch).outcomes()).isEqualTo(outcomes);
        assertThat(swept.apply(batch).outcomes()).isEqualTo(outcomes);
        if (random.nextInt(20) == 0) {
          restarted.reopen();
        }
        if (random.nextInt(10) == 0) {
          new Sweep(swept.store()).run();
        }
      }
      assertSame(restarted.store(), plain.store());
      assertSame(swept.store(), plain.store());
      assertThat(restarted.changes()).isEqualTo(plain.changes());
      assertDigestsAreThoseOfTheLiveKeys(swept.store());
    }
  }

  private static List<ProposedCommand> batch(
      Random random, long revision, List<ProposedCommand> before) {
    var batch = new ArrayList<ProposedCommand>();
    int size = 1 + random.nextInt(20);
    for (int i = 0; i < size; i++) {
      boolean again = !before.isEmpty() && random.nextInt(10) == 0;
      batch.add(
          again
              ? before.get(random.nextInt(before.size()))
              : new ProposedCommand(
                  random.nextBoolean() ? Commands.id(before.size() + i + 1L) : null,
                  AppliedStore.ACTOR,
                  "because",
                  Commands.any(random, revision)));
    }
    return batch;
  }

  private static List<ProposedCommand> throughTheLog(List<ProposedCommand> batch) {
    return LogCodec.decodeBatch(
            LogCodec.encodeBatch(0, batch.stream().map(LogCodec::encode).toList()))
        .commands();
  }

  private static void assertSame(Store store, Store expected) {
    assertThat(store.position()).isEqualTo(expected.position());
    assertThat(records(store)).isEqualTo(records(expected));
    assertThat(digests(store)).isEqualTo(digests(expected));
    assertThat(conflicts(store)).isEqualTo(conflicts(expected));
    assertThat(store.<Object>read(reader -> reader.followers()))
        .isEqualTo(expected.<Object>read(reader -> reader.followers()));
  }

  private static List<Conflict> conflicts(Store store) {
    var conflicts = new ArrayList<Conflict>();
    store.read(reader -> {
      reader.conflictsUpFrom(1, conflicts::add);
      return true;
    });
    return conflicts;
  }

  private static Map<NamespaceName, NamespaceRecord> records(Store store) {
    var records = new TreeMap<NamespaceName, NamespaceRecord>();
    store.namespaces().forEach(record -> records.put(record.name(), record));
    return records;
  }

  private static Map<NamespaceName, Checksum> digests(Store store) {
    var digests = new TreeMap<NamespaceName, Checksum>();
    store
        .namespaces()
        .forEach(record -> digests.put(
            record.name(), store.read(r -> r.digestBuckets(record.id()).digest())));
    return digests;
  }

  private static void assertDigestsAreThoseOfTheLiveKeys(Store store) {
    for (NamespaceRecord record : store.namespaces()) {
      var recomputed = new DigestBuckets();
      var live = new ArrayList<ConfigVersion>();
      store.read(reader -> {
        reader.heads(record.id(), KeyRange.ALL, head -> {
          if (head.live()) {
            live.add(head);
            recomputed.add(recomputed.bucketOf(head.key()), head);
          }
          return true;
        });
        return true;
      });
      assertThat(digests(store).get(record.name())).isEqualTo(recomputed.digest());
      assertThat(record.liveKeys()).isEqualTo(live.size());
      assertThat(record.liveBytes())
          .isEqualTo(live.stream()
              .mapToLong(v -> v.key().bytes().size() + v.sizeBytes())
              .sum());
    }
  }
}
