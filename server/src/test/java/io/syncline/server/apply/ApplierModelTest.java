package io.syncline.server.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.syncline.model.Command;
import io.syncline.model.Command.Transaction.Compare;
import io.syncline.model.Command.Transaction.Operation;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Key;
import io.syncline.model.KeyRange;
import io.syncline.model.NamespaceName;
import io.syncline.model.Outcome;
import io.syncline.model.Precondition;
import io.syncline.server.AppliedStore;
import io.syncline.server.Commands;
import io.syncline.server.Seed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The state machine against a second, much simpler one. */
class ApplierModelTest {
  private static final int COMMANDS = 3000;

  @TempDir
  Path folder;

  @Test
  void randomWritesComeOutAsInTheModel() {
    Random random = Seed.random();
    try (var store = new AppliedStore(folder)) {
      var model = new Model();
      for (int done = 0; done < COMMANDS; ) {
        Command[] batch = new Command[1 + random.nextInt(8)];
        for (int i = 0; i < batch.length; i++) {
          batch[i] = Commands.anyWrite(random, model.revision);
        }
        List<Outcome> outcomes = store.apply(batch);
        for (int i = 0; i < batch.length; i++) {
          Boolean changed = model.apply(batch[i]);
          assertThat(changedBy(outcomes.get(i)))
              .as("command %d: %s", done + i, batch[i])
              .isEqualTo(changed);
        }
        assertThat(store.revision().value()).isEqualTo(model.revision);
        done += batch.length;
      }
      assertThat(store.changes().stream().map(Made::of).toList()).isEqualTo(model.log);
      assertHeads(store, model);
    }
  }

  private static void assertHeads(AppliedStore store, Model model) {
    var heads = new ArrayList<Made>();
    store.store().read(reader -> {
      reader.heads(
          store.namespace(NamespaceName.DEFAULT).id(),
          KeyRange.ALL,
          head -> heads.add(Made.of(head)));
      return true;
    });
    assertThat(heads)
        .isEqualTo(model.versions.values().stream()
            .map(list -> list.get(list.size() - 1))
            .toList());
  }

  /** Null for refused. */
  private static @Nullable Boolean changedBy(Outcome outcome) {
    return outcome instanceof Outcome.Committed committed ? committed.changed() : null;
  }

  /** A version as the model knows it; no content: a deletion. */
  private record Made(
      Key key, long version, long revision, @Nullable ByteString content, long rollbackOf) {
    static Made of(ConfigVersion version) {
      return new Made(
          version.key(),
          version.version().value(),
          version.revision().value(),
          version.tombstone() ? null : version.content(),
          version.rollbackOf() == null ? 0 : version.rollbackOf().value());
    }
  }

  /** One namespace; every other is refused. */
  private static final class Model {
    private final TreeMap<Key, List<Made>> versions = new TreeMap<>();
    private final List<Made> log = new ArrayList<>();
    private long revision;

    @Nullable
    Boolean apply(Command command) {
      if (command instanceof Command.Put put && isOurs(put.namespace())) {
        if (!holds(put.precondition(), put.key())) {
          return null;
        }
        ByteString content = put.content().bytes();
        return (put.force() || !content.equals(live(put.key())))
            && commit(List.of(new Change(put.key(), content, 0)));
      } else if (command instanceof Command.Delete delete && isOurs(delete.namespace())) {
        if (!holds(delete.precondition(), delete.key()) || live(delete.key()) == null) {
          return null;
        }
        return commit(List.of(new Change(delete.key(), null, 0)));
      } else if (command instanceof Command.Undelete undelete && isOurs(undelete.namespace())) {
        Made head = head(undelete.key());
        if (head == null || head.content != null) {
          return null;
        }
        return holds(undelete.precondition(), undelete.key())
            ? restore(undelete.key(), head.version - 1)
            : null;
      } else if (command instanceof Command.Rollback back && isOurs(back.namespace())) {
        return holds(back.precondition(), back.key())
            ? restore(back.key(), back.toVersion().value())
            : null;
      } else if (command instanceof Command.DeleteRange range && isOurs(range.namespace())) {
        List<Change> deleted = versions.keySet().stream()
            .filter(key -> range.range().contains(key) && live(key) != null)
            .map(key -> new Change(key, null, 0))
            .toList();
        return commit(deleted);
      } else if (command instanceof Command.Transaction both && isOurs(both.namespace())) {
        return commit(changesOf(both));
      }
      return null;
    }

    private List<Change> changesOf(Command.Transaction transaction) {
      boolean held = true;
      for (Compare compare : transaction.compares()) {
        held &= holds(compare.condition(), compare.key());
      }
      var changes = new ArrayList<Change>();
      for (Operation operation :
          held ? transaction.thenOperations() : transaction.elseOperations()) {
        Command.Content put = operation.put();
        ByteString content = put == null ? null : put.bytes();
        ByteString now = live(operation.key());
        if (content == null ? now != null : !content.equals(now)) {
          changes.add(new Change(operation.key(), content, 0));
        }
      }
      return changes;
    }

    private static boolean isOurs(NamespaceName namespace) {
      return namespace.equals(NamespaceName.DEFAULT);
    }

    private @Nullable Boolean restore(Key key, long version) {
      List<Made> known = versions.get(key);
      if (known == null || version < 1 || version > known.size()) {
        return null;
      }
      ByteString content = known.get((int) version - 1).content;
      if (content == null) {
        return null;
      }
      return !content.equals(live(key)) && commit(List.of(new Change(key, content, version)));
    }

    private record Change(Key key, @Nullable ByteString content, long rollbackOf) {}

    private boolean commit(List<Change> changes) {
      if (changes.isEmpty()) {
        return false;
      }
      revision++;
      for (Change change : changes) {
        List<Made> known = versions.computeIfAbsent(change.key, k -> new ArrayList<>());
        var made =
            new Made(change.key, known.size() + 1L, revision, change.content, change.rollbackOf);
        known.add(made);
        log.add(made);
      }
      return true;
    }

    private @Nullable Made head(Key key) {
      List<Made> known = versions.get(key);
      return known == null ? null : known.get(known.size() - 1);
    }

    private @Nullable ByteString live(Key key) {
      Made head = head(key);
      return head == null ? null : head.content;
    }

    private boolean holds(Precondition precondition, Key key) {
      Made head = head(key);
      if (precondition instanceof Precondition.Absent) {
        return live(key) == null;
      } else if (precondition instanceof Precondition.AtVersion at) {
        return (head == null ? 0 : head.version) == at.version().value();
      } else if (precondition instanceof Precondition.AtRevision at) {
        return head != null && head.revision == at.revision().value();
      } else if (precondition instanceof Precondition.AtChecksum at) {
        ByteString live = live(key);
        return live != null && at.checksum().matches(live);
      }
      return true;
    }
  }
}
