package io.syncline.server.apply;

import io.syncline.model.DigestBuckets;
import io.syncline.server.store.Store;
import java.util.HashMap;
import java.util.Map;

/** The digest buckets of the namespaces that changed since start, each loaded on first need. */
final class LiveDigests {
  private final Store store;
  private final Map<Integer, DigestBuckets> byNamespace = new HashMap<>();

  LiveDigests(Store store) {
    this.store = store;
  }

  DigestBuckets of(int namespaceId) {
    return byNamespace.computeIfAbsent(
        namespaceId, id -> store.read(reader -> reader.digestBuckets(id)));
  }

  /** The store's own count was replaced. */
  void forget(int namespaceId) {
    byNamespace.remove(namespaceId);
  }
}
