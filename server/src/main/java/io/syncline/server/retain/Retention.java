package io.syncline.server.retain;

import io.syncline.model.Command;
import io.syncline.model.Command.Prune.PrunedKey;
import io.syncline.model.ConfigVersion;
import io.syncline.model.KeyRange;
import io.syncline.model.NamespaceRecord;
import io.syncline.model.Revision;
import io.syncline.model.Version;
import io.syncline.server.store.ChangePlace;
import io.syncline.server.store.Store;
import io.syncline.server.store.StoreReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Works out which history the namespaces' settings let go. The leader proposes it; it goes when it is
 * committed.
 */
public final class Retention {
  /** Versions one command may drop: it is one store batch on the apply thread. */
  static final int MAX_DROPPED_PER_COMMAND = 1000;

  private final Store store;
  private final Duration grace;

  /**
   * @param grace the count limit never drops what was superseded more recently
   */
  public Retention(Store store, Duration grace) {
    this.store = store;
    this.grace = grace;
  }

  /**
   * What may go now, in commands of bounded size. May leave some for the next call.
   *
   * @param now the time, by the leader's clock
   */
  public List<Command> due(Instant now) {
    var commands = new ArrayList<Command>();
    for (NamespaceRecord namespace : store.namespaces()) {
      store.readSnapshot(reader -> {
        addCompaction(reader, namespace, now, commands);
        addPruning(reader, namespace, now, commands);
        return true;
      });
    }
    return commands;
  }

  private static void addCompaction(
      StoreReader reader, NamespaceRecord namespace, Instant now, List<Command> commands) {
    Duration age = namespace.settings().retainAge();
    if (age.isZero()) {
      return;
    }
    Revision cut = reader.revisionAt(now.minus(age));
    if (cut.isAfter(namespace.horizon()) && namespace.revision().isAfter(namespace.horizon())) {
      commands.add(new Command.Compact(namespace.name(), cut));
    }
  }

  private void addPruning(
      StoreReader reader, NamespaceRecord namespace, Instant now, List<Command> commands) {
    long kept = namespace.settings().retainVersions();
    if (kept == 0) {
      return;
    }
    Revision cut = reader.revisionAt(now.minus(grace));
    var pruned = new ArrayList<PrunedKey>();
    var room = new long[] {MAX_DROPPED_PER_COMMAND};
    reader.heads(namespace.id(), KeyRange.ALL, head -> {
      PrunedKey key = pruned(reader, namespace, head, kept, cut, room);
      if (key != null) {
        pruned.add(key);
      }
      return room[0] > 0;
    });
    if (!pruned.isEmpty()) {
      commands.add(new Command.Prune(namespace.name(), pruned));
    }
  }

  private static @Nullable PrunedKey pruned(
      StoreReader reader,
      NamespaceRecord namespace,
      ConfigVersion head,
      long kept,
      Revision cut,
      long[] room) {
    Version oldest = reader.oldestVersion(namespace.id(), head.key());
    long below = head.version().value() - kept + 1;
    if (oldest == null || below <= oldest.value()) {
      return null;
    }
    below = Math.min(below, oldest.value() + room[0]);
    while (below > oldest.value() && !supersededBy(reader, namespace, head, below, cut)) {
      below--;
    }
    if (below <= oldest.value()) {
      return null;
    }
    room[0] -= below - oldest.value();
    return new PrunedKey(head.key(), new Version(below));
  }

  /** Whether the version before was superseded at or before the cut. */
  private static boolean supersededBy(
      StoreReader reader,
      NamespaceRecord namespace,
      ConfigVersion head,
      long version,
      Revision cut) {
    ChangePlace place = reader.place(namespace.id(), head.key(), new Version(version));
    return place != null && !place.revision().isAfter(cut);
  }
}
