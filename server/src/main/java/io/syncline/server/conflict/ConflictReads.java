package io.syncline.server.conflict;

import io.syncline.model.Conflict;
import io.syncline.model.ConflictContents;
import io.syncline.model.ConflictType;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.server.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the conflicts that are kept. Any thread. */
public final class ConflictReads {
  /** Looked at for one page: a sparse filter costs its steps, not its node. */
  private static final int MAX_LOOKED_AT = 10_000;

  private final Store store;

  public ConflictReads(Store store) {
    this.store = store;
  }

  /**
   * Which conflicts.
   *
   * @param node the follower that they come from
   * @param minAge found at least so long ago; zero: any
   * @param maxAge found at most so long ago; zero: any
   */
  public record Filter(
      Optional<NamespaceName> namespace,
      Optional<Key> key,
      Optional<ConflictType> type,
      Optional<Conflict.State> state,
      Optional<String> node,
      Duration minAge,
      Duration maxAge) {
    boolean covers(Conflict conflict, Instant now) {
      Duration age = Duration.between(conflict.detectedAt(), now);
      return namespace.map(conflict.namespace()::equals).orElse(true)
          && key.map(conflict.key()::equals).orElse(true)
          && type.map(conflict.type()::equals).orElse(true)
          && state.map(conflict.state()::equals).orElse(true)
          && node.map(conflict.node()::equals).orElse(true)
          && age.compareTo(minAge) >= 0
          && (maxAge.isZero() || age.compareTo(maxAge) <= 0);
    }
  }

  /**
   * Some conflicts, newest first. A page may be short, or empty, and have a next one.
   *
   * @param next where the next page begins; 0: this was the last
   */
  public record Page(List<Conflict> conflicts, long next) {
    public Page {
      conflicts = List.copyOf(conflicts);
    }
  }

  /** With its contents. */
  public record Found(Conflict conflict, ConflictContents contents) {}

  /**
   * @throws RejectedException if there is none of this id, or no more
   */
  public Found get(long id) {
    return store.readSnapshot(reader -> {
      Conflict conflict = reader.conflict(id);
      if (conflict == null) {
        throw new RejectedException(Rejection.conflictNotFound(id));
      }
      return new Found(conflict, reader.conflictContents(id));
    });
  }

  /**
   * @param from an id of an earlier page's {@code next}; {@link Long#MAX_VALUE}: from the newest on
   * @param limit the most conflicts of a page
   */
  public Page list(Filter filter, long from, int limit, Instant now) {
    var found = new ArrayList<Conflict>();
    var next = new long[] {0};
    var lookedAt = new int[] {0};
    store.readSnapshot(reader -> {
      reader.conflictsDownFrom(from, conflict -> {
        if (found.size() >= limit || lookedAt[0]++ >= MAX_LOOKED_AT) {
          next[0] = conflict.id();
          return false;
        }
        if (filter.covers(conflict, now)) {
          found.add(conflict);
        }
        return true;
      });
      return true;
    });
    return new Page(found, next[0]);
  }
}
