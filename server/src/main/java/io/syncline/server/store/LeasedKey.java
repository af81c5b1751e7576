package io.syncline.server.store;

import io.syncline.model.Key;
import java.util.Comparator;

/** A key that hangs on a lease. */
public record LeasedKey(int namespaceId, Key key) implements Comparable<LeasedKey> {
  private static final Comparator<LeasedKey> ORDER =
      Comparator.comparingInt(LeasedKey::namespaceId).thenComparing(LeasedKey::key);

  @Override
  public int compareTo(LeasedKey other) {
    return ORDER.compare(this, other);
  }
}
