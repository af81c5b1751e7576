package io.syncline.server.retain;

import io.syncline.codec.StorageCodec;
import io.syncline.model.ConfigVersion;
import io.syncline.model.NamespaceRecord;
import io.syncline.model.Revision;
import io.syncline.model.Version;
import io.syncline.server.store.ChangePlace;
import io.syncline.server.store.Store;
import io.syncline.server.store.StoreBatch;
import io.syncline.server.store.StoreReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Frees what lies below the horizons. Each voter does it for itself and in its own time: what is
 * below a horizon is never read again, whether it is still there or not.
 *
 * <p>One thread.
 */
public final class Sweep {
  /** Looked at in one go; bounds how long a state of the store is pinned. */
  private static final int STEP_CHANGES = 2000;

  private final Store store;
  private final Map<Integer, Revision> sweptTo = new HashMap<>();

  public Sweep(Store store) {
    this.store = store;
  }

  /**
   * Deletes every version that was superseded at or before its namespace's horizon, if a horizon has
   * moved. Looks only at the changes between the old horizon and the new: each supersedes the version
   * before it.
   *
   * @return how many versions were deleted
   */
  public long run() {
    var horizons = new HashMap<Integer, Revision>();
    Revision from = null;
    Revision end = Revision.ZERO;
    for (NamespaceRecord namespace : store.namespaces()) {
      Revision swept = sweptTo.getOrDefault(namespace.id(), Revision.ZERO);
      if (namespace.horizon().isAfter(swept)) {
        from = from == null || swept.isBefore(from) ? swept : from;
        end = Revision.max(end, namespace.horizon());
        horizons.put(namespace.id(), namespace.horizon());
      }
    }
    if (from == null) {
      return 0;
    }
    long deleted = 0;
    Revision next = from.next();
    while (!next.isAfter(end)) {
      Step step = step(next, end, horizons);
      if (!step.batch().isEmpty()) {
        store.write(step.batch());
        deleted += step.dropped();
      }
      next = step.next();
    }
    sweptTo.putAll(horizons);
    return deleted;
  }

  private record Step(StoreBatch batch, int dropped, Revision next) {}

  private Step step(Revision from, Revision end, Map<Integer, Revision> horizons) {
    return store.readSnapshot(reader -> {
      var seen = new ArrayList<StorageCodec.Placed>();
      reader.changes(from, placed -> take(placed, seen, end));
      var batch = new StoreBatch();
      int dropped = 0;
      for (StorageCodec.Placed placed : seen) {
        Revision horizon = horizons.getOrDefault(placed.namespaceId(), Revision.ZERO);
        if (!placed.version().revision().isAfter(horizon)) {
          dropped += dropBefore(reader, placed, batch);
        }
      }
      Revision next =
          seen.size() < STEP_CHANGES ? end.next() : last(seen).revision().next();
      return new Step(batch, dropped, next);
    });
  }

  /** A revision is never cut in two: the next step begins with a whole one. */
  private static boolean take(
      StorageCodec.Placed placed, List<StorageCodec.Placed> seen, Revision end) {
    Revision revision = placed.version().revision();
    boolean full = seen.size() >= STEP_CHANGES && !last(seen).revision().equals(revision);
    if (full || revision.isAfter(end)) {
      return false;
    }
    seen.add(placed);
    return true;
  }

  private static ConfigVersion last(List<StorageCodec.Placed> seen) {
    return seen.get(seen.size() - 1).version();
  }

  /** Drops the version that this one superseded, if it is still there. */
  private static int dropBefore(StoreReader reader, StorageCodec.Placed placed, StoreBatch batch) {
    ConfigVersion version = placed.version();
    Version superseded = version.version().previous();
    ChangePlace place = reader.place(placed.namespaceId(), version.key(), superseded);
    if (place == null) {
      return 0;
    }
    batch.dropVersion(placed.namespaceId(), version.key(), superseded, place);
    return 1;
  }
}
