package io.syncline.server.retain;

import io.syncline.model.Command;
import io.syncline.model.Command.Prune.PrunedKey;
import io.syncline.model.ConfigVersion;
import io.syncline.model.FollowerRegistration;
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
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Works out which history the namespaces' settings let go. The leader proposes it; it goes when it is
 * committed. What a follower still has to be sent stays, up to a limit: one that is further behind
 * gets the net difference.
 */
public final class Retention {
  /** Versions one command may drop: it is one store batch on the apply thread. */
  static final int MAX_DROPPED_PER_COMMAND = 1000;

  private final Store store;
  private final Duration grace;
  private final long followerBytes;

  /**
   * @param grace the count limit never drops what was superseded more recently
   * @param followerBytes of the change log are kept, at most, for followers that are behind
   */
  public Retention(Store store, Duration grace, long followerBytes) {
    this.store = store;
    this.grace = grace;
    this.followerBytes = followerBytes;
  }

  /**
   * What may go now, in commands of bounded size. May leave some for the next call.
   *
   * @param now the time, by the leader's clock
   */
  public List<Command> due(Instant now) {
    var commands = new ArrayList<Command>();
    List<FollowerRegistration> followers = store.readSnapshot(this::waitedFor);
    for (NamespaceRecord namespace : store.namespaces()) {
      store.readSnapshot(reader -> {
        Revision needed = neededOf(namespace, followers);
        addCompaction(reader, namespace, now, needed, commands);
        addPruning(reader, namespace, now, needed, commands);
        return true;
      });
    }
    return commands;
  }

  /** The followers that are not too far behind, least behind last. */
  private List<FollowerRegistration> waitedFor(StoreReader reader) {
    List<FollowerRegistration> followers = reader.followers().stream()
        .sorted(Comparator.comparing(FollowerRegistration::cursor))
        .toList();
    int tooFar = 0;
    int near = followers.size();
    while (tooFar < near) {
      int middle = (tooFar + near) / 2;
      if (reader.changeBytesAfter(followers.get(middle).cursor()) > followerBytes) {
        tooFar = middle + 1;
      } else {
        near = middle;
      }
    }
    return followers.subList(near, followers.size());
  }

  /** Up to which revision no follower needs the history of a namespace any more. */
  private static Revision neededOf(
      NamespaceRecord namespace, List<FollowerRegistration> followers) {
    return followers.stream()
        .filter(follower -> !follower.subscription().within(namespace.name()).isEmpty())
        .map(FollowerRegistration::cursor)
        .findFirst()
        .orElse(new Revision(Long.MAX_VALUE));
  }

  private static void addCompaction(
      StoreReader reader,
      NamespaceRecord namespace,
      Instant now,
      Revision needed,
      List<Command> commands) {
    Duration age = namespace.settings().retainAge();
    if (age.isZero()) {
      return;
    }
    Revision cut = Revision.min(reader.revisionAt(now.minus(age)), needed);
    if (cut.isAfter(namespace.horizon()) && namespace.revision().isAfter(namespace.horizon())) {
      commands.add(new Command.Compact(namespace.name(), cut));
    }
  }

  private void addPruning(
      StoreReader reader,
      NamespaceRecord namespace,
      Instant now,
      Revision needed,
      List<Command> commands) {
    long kept = namespace.settings().retainVersions();
    if (kept == 0) {
      return;
    }
    Revision cut = Revision.min(reader.revisionAt(now.minus(grace)), needed);
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
