package io.syncline.server.read;

import static io.syncline.server.Commands.OTHER;
import static io.syncline.server.Commands.createNamespace;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.model.Command;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Key;
import io.syncline.model.KeyRange;
import io.syncline.model.NamespaceName;
import io.syncline.model.NamespaceRecord;
import io.syncline.model.ReadAt;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Revision;
import io.syncline.model.Version;
import io.syncline.server.AppliedStore;
import io.syncline.server.Commands;
import io.syncline.server.Seed;
import io.syncline.server.retain.Sweep;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every read of a random history against a walk over all changes ever made. */
class ReadsModelTest {
  private static final int ROUNDS = 5;
  private static final int COMMANDS_PER_ROUND = 50;
  private static final int TIMES_PER_LOOK = 20;

  @TempDir
  Path folder;

  @Test
  void readsAnswerAsAWalkOverAllChangesWouldBeforeAndAfterTheSweep() {
    Random random = Seed.random();
    try (var store = new AppliedStore(folder)) {
      store.apply(createNamespace(OTHER));
      for (int round = 0; round < ROUNDS; round++) {
        grow(store, random);
        assertEverythingReadable(store, random);
        var sweep = new Sweep(store.store());
        sweep.run();
        assertEverythingReadable(store, random);
        assertThat(sweep.run()).as("a second sweep finds nothing").isZero();
        store.reopen();
      }
    }
  }

  private static void grow(AppliedStore store, Random random) {
    for (int i = 0; i < COMMANDS_PER_ROUND; i++) {
      store.apply(Commands.anyWrite(random, store.revision().value()));
    }
    long revision = store.revision().value();
    store.apply(new Command.Compact(
        random.nextInt(3) == 0 ? null : random.nextBoolean() ? OTHER : Commands.DEFAULT,
        new Revision(revision / 2 + random.nextInt((int) revision / 2))));
  }

  private static void assertEverythingReadable(AppliedStore store, Random random) {
    for (NamespaceRecord namespace : store.store().namespaces()) {
      var naive = new Naive(store.changes(), namespace, store.revision());
      var reads = new Reads(store.store());
      for (long revision = 0; revision <= store.revision().value() + 1; revision++) {
        var at = new ReadAt.AtRevision(Revision.of(revision));
        assertLists(reads, naive, at, Revision.of(revision));
      }
      for (int i = 0; i < TIMES_PER_LOOK; i++) {
        ConfigVersion change =
            store.changes().get(random.nextInt(store.changes().size()));
        Instant time = change.createdAt().plusMillis(random.nextInt(3) - 1L);
        Revision at = naive.revisionAt(time);
        if (!at.isBefore(namespace.horizon())) {
          assertLists(reads, naive, new ReadAt.AtTime(time), at);
        }
      }
      for (int key = 0; key < 12; key++) {
        assertHistory(reads, naive, Key.of("key/" + key));
      }
    }
  }

  private static void assertLists(Reads reads, Naive naive, ReadAt at, Revision revision) {
    Object listed = answer(() -> reads
        .list(new Reads.Range(naive.name(), KeyRange.ALL, at, 100, true, true), KeyRange.ALL.from())
        .versions());
    assertThat(listed).as("list at %s", at).isEqualTo(naive.list(revision));
    for (int i = 0; i < 12; i++) {
      Key key = Key.of("key/" + i);
      assertThat(answer(() -> reads.get(naive.name(), key, at).version()))
          .as("%s at %s", key, at)
          .isEqualTo(naive.get(key, revision));
    }
  }

  private static void assertHistory(Reads reads, Naive naive, Key key) {
    Object history =
        answer(() -> reads.history(naive.name(), key, null, false, 999, true).versions());
    assertThat(history).as("history of %s", key).isEqualTo(naive.history(key));
    for (long version = 1; version < 20; version++) {
      var at = new Version(version);
      assertThat(answer(
              () -> reads.get(naive.name(), key, new ReadAt.AtVersion(at)).version()))
          .as("%s version %s", key, at)
          .isEqualTo(naive.version(key, at));
    }
  }

  /** What a read gives: its value, or the reason it was refused for. */
  private static Object answer(Supplier<Object> read) {
    try {
      return read.get();
    } catch (RejectedException e) {
      Rejection rejection = e.rejection();
      return rejection.reason() + " " + rejection.nearest();
    }
  }

  private static String refused(Reason reason, @Nullable Revision nearest) {
    return reason + " " + nearest;
  }

  /** All changes of a namespace, walked from the first for every answer. */
  private record Naive(List<ConfigVersion> all, NamespaceRecord namespace, Revision newest) {
    NamespaceName name() {
      return namespace.name();
    }

    private @Nullable String refusal(Revision at) {
      if (at.isAfter(newest)) {
        return refused(Reason.FUTURE_REVISION, newest);
      }
      return at.isBefore(namespace.horizon())
          ? refused(Reason.COMPACTED, namespace.horizon())
          : null;
    }

    private TreeMap<Key, ConfigVersion> stateAt(Revision at) {
      var state = new TreeMap<Key, ConfigVersion>();
      for (ConfigVersion change : all) {
        if (change.namespace().equals(name()) && !change.revision().isAfter(at)) {
          state.put(change.key(), change);
        }
      }
      return state;
    }

    Object list(Revision at) {
      String refusal = refusal(at);
      return refusal != null ? refusal : List.copyOf(stateAt(at).values());
    }

    Object get(Key key, Revision at) {
      String refusal = refusal(at);
      if (refusal != null) {
        return refusal;
      }
      ConfigVersion found = stateAt(at).get(key);
      return found == null || found.tombstone() ? refused(Reason.KEY_NOT_FOUND, null) : found;
    }

    private List<ConfigVersion> versions(Key key) {
      return all.stream()
          .filter(v -> v.namespace().equals(name()) && v.key().equals(key))
          .toList();
    }

    /** Kept is what was newest at the horizon or became so later. */
    private boolean isKept(List<ConfigVersion> versions, int index) {
      return index == versions.size() - 1
          || versions.get(index + 1).revision().isAfter(namespace.horizon());
    }

    Object history(Key key) {
      List<ConfigVersion> versions = versions(key);
      if (versions.isEmpty()) {
        return refused(Reason.KEY_NOT_FOUND, null);
      }
      var kept = new ArrayList<ConfigVersion>();
      for (int i = 0; i < versions.size(); i++) {
        if (isKept(versions, i)) {
          kept.add(versions.get(i));
        }
      }
      return kept;
    }

    Object version(Key key, Version version) {
      List<ConfigVersion> versions = versions(key);
      if (versions.isEmpty()) {
        return refused(Reason.KEY_NOT_FOUND, null);
      }
      if (version.value() > versions.size()) {
        return refused(Reason.VERSION_NOT_FOUND, null);
      }
      int index = (int) version.value() - 1;
      return isKept(versions, index)
          ? versions.get(index)
          : refused(Reason.COMPACTED, namespace.horizon());
    }

    Revision revisionAt(Instant time) {
      Revision at = Revision.ZERO;
      for (ConfigVersion change : all) {
        if (!change.createdAt().isAfter(time)) {
          at = change.revision();
        }
      }
      return at;
    }
  }
}
