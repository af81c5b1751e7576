package io.syncline.server.retain;

import io.syncline.codec.StorageCodec;
import io.syncline.model.ConfigVersion;
import io.syncline.model.NamespaceName;
import io.syncline.model.NamespaceRecord;
import io.syncline.model.Revision;
import io.syncline.server.store.ChangePlace;
import io.syncline.server.store.Store;
import io.syncline.server.store.StoreBatch;
import io.syncline.server.store.StoreReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
  private final Map<NamespaceName, Revision> sweptTo = new HashMap<>();

  public Sweep(Store store) {
    this.store = store;
  }

  /**
   * Deletes every superseded version below its namespace's horizon, if a horizon has moved.
   *
   * @return how many versions were deleted
   */
  public long run() {
    Revision end = Revision.ZERO;
    var horizons = new HashMap<NamespaceName, Revision>();
    for (NamespaceRecord namespace : store.namespaces()) {
      Revision swept = sweptTo.getOrDefault(namespace.name(), Revision.ZERO);
      if (namespace.horizon().isAfter(swept)) {
        end = Revision.max(end, namespace.horizon());
      }
      horizons.put(namespace.name(), namespace.horizon());
    }
    long deleted = 0;
    Revision next = Revision.ZERO;
    while (next.isBefore(end)) {
      Step step = step(next, end);
      if (!step.batch().isEmpty()) {
        store.write(step.batch());
        deleted += step.batch().size() / 2;
      }
      next = step.next();
    }
    sweptTo.putAll(horizons);
    return deleted;
  }

  private record Step(StoreBatch batch, Revision next) {}

  private Step step(Revision from, Revision end) {
    return store.readSnapshot(
        reader -> {
          List<StorageCodec.Placed> seen = new ArrayList<>();
          reader.changes(
              from,
              placed -> {
                boolean within = placed.version().revision().isBefore(end);
                // a revision is never cut in two: the next step begins with a whole one
                boolean full =
                    seen.size() >= STEP_CHANGES
                        && !last(seen).revision().equals(placed.version().revision());
                if (within && !full) {
                  seen.add(placed);
                }
                return within && !full;
              });
          var batch = new StoreBatch();
          for (StorageCodec.Placed placed : seen) {
            dropIfBelowHorizon(reader, placed, batch);
          }
          Revision next = seen.size() < STEP_CHANGES ? end : last(seen).revision().next();
          return new Step(batch, next);
        });
  }

  private static ConfigVersion last(List<StorageCodec.Placed> seen) {
    return seen.get(seen.size() - 1).version();
  }

  private static void dropIfBelowHorizon(
      StoreReader reader, StorageCodec.Placed placed, StoreBatch batch) {
    ConfigVersion version = placed.version();
    NamespaceRecord namespace = reader.namespaceRecord(placed.namespaceId());
    ChangePlace successor =
        reader.place(placed.namespaceId(), version.key(), version.version().next());
    if (isBelow(namespace, successor)) {
      batch.dropVersion(
          placed.namespaceId(),
          version.key(),
          version.version(),
          new ChangePlace(version.revision(), placed.subIndex()));
    }
  }

  private static boolean isBelow(
      @Nullable NamespaceRecord namespace, @Nullable ChangePlace successor) {
    return namespace != null
        && successor != null
        && !successor.revision().isAfter(namespace.horizon());
  }
}
