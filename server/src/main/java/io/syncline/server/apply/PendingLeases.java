package io.syncline.server.apply;

import io.syncline.model.ConfigVersion;
import io.syncline.model.Lease;
import io.syncline.server.store.LeasedKey;
import io.syncline.server.store.Store;
import io.syncline.server.store.StoreBatch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Leases and what hangs on them, while a batch is applied. */
final class PendingLeases {
  private final Store store;
  private final StoreBatch batch;
  /** By id; no value: ended. */
  private final Map<Long, Optional<Lease>> leases = new HashMap<>();
  /** By lease: whether a key hangs on it. */
  private final Map<Long, TreeMap<LeasedKey, Boolean>> keys = new HashMap<>();

  PendingLeases(Store store, StoreBatch batch) {
    this.store = store;
    this.batch = batch;
  }

  @Nullable
  Lease lease(long id) {
    Optional<Lease> staged = leases.get(id);
    return staged != null
        ? staged.orElse(null)
        : store.<@Nullable Lease>read(reader -> reader.lease(id));
  }

  SortedSet<LeasedKey> keysOf(long id) {
    var hanging = new TreeSet<LeasedKey>();
    hanging.addAll(store.<List<LeasedKey>>read(reader -> reader.keysOfLease(id)));
    keys.getOrDefault(id, new TreeMap<>()).forEach((key, hangs) -> {
      if (hangs) {
        hanging.add(key);
      } else {
        hanging.remove(key);
      }
    });
    return hanging;
  }

  void note(Lease lease) {
    leases.put(lease.id(), Optional.of(lease));
    batch.putLease(lease);
  }

  void end(long id) {
    leases.put(id, Optional.empty());
    batch.dropLease(id);
  }

  /** A key's newest version was superseded. */
  void move(int namespaceId, @Nullable ConfigVersion before, ConfigVersion made) {
    long left = before == null || before.tombstone() ? 0 : before.lease();
    long taken = made.tombstone() ? 0 : made.lease();
    if (left == taken) {
      return;
    }
    var key = new LeasedKey(namespaceId, made.key());
    if (left != 0) {
      keys.computeIfAbsent(left, id -> new TreeMap<>()).put(key, false);
      batch.detach(left, key);
    }
    if (taken != 0) {
      keys.computeIfAbsent(taken, id -> new TreeMap<>()).put(key, true);
      batch.attach(taken, key);
    }
  }
}
