package io.syncline.server.store;

import io.syncline.model.ConfigVersion;
import io.syncline.model.Key;
import io.syncline.model.KeyRange;
import io.syncline.model.NamespaceRecord;
import io.syncline.model.Revision;
import io.syncline.model.Version;
import org.jspecify.annotations.Nullable;

/**
 * Which versions a namespace's history answers for. That follows from its horizon and from what was
 * pruned, never from whether old versions were swept from the disk yet.
 */
public final class KeptHistory {
  private final StoreReader reader;
  private final NamespaceRecord namespace;

  public KeptHistory(StoreReader reader, NamespaceRecord namespace) {
    this.reader = reader;
    this.namespace = namespace;
  }

  /** Whether the history answers for a version that a newer one has superseded. */
  public boolean isKept(Key key, Version superseded) {
    ChangePlace successor = reader.place(namespace.id(), key, superseded.next());
    return successor != null
        && successor.revision().isAfter(namespace.horizon())
        && reader.place(namespace.id(), key, superseded) != null;
  }

  /** The oldest version the history answers for; versions are kept from one on, without holes. */
  public Version oldest(ConfigVersion head) {
    Version stored = reader.oldestVersion(namespace.id(), head.key());
    long low = stored == null ? head.version().value() : stored.value();
    long high = head.version().value();
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (isKept(head.key(), new Version(middle))) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return new Version(high);
  }

  /**
   * Whether every change of a range from a revision on is kept, also if others are not: of each key, the
   * newest version that is gone was made before. A key's head is always kept, tombstones too, so a look
   * at the heads finds every key that ever was. May take long: it reads all heads of the range.
   */
  public boolean isWholeFrom(KeyRange range, Revision start) {
    var whole = new boolean[] {true};
    reader.heads(namespace.id(), range, head -> {
      whole[0] = head.revision().isBefore(start) || isWholeFrom(head, start);
      return whole[0];
    });
    return whole[0];
  }

  private boolean isWholeFrom(ConfigVersion head, Revision start) {
    Version oldest = oldest(head);
    if (!oldest.previous().exists()) {
      return true;
    }
    Revision gone = reader.previousRevision(namespace.id(), head.key(), oldest);
    return gone != null ? gone.isBefore(start) : !revisionOf(head, oldest).isAfter(start);
  }

  /** What came before it came earlier; nothing better is known of it where nobody noted when. */
  private Revision revisionOf(ConfigVersion head, Version version) {
    @Nullable ChangePlace place = reader.place(namespace.id(), head.key(), version);
    return place == null ? head.revision() : place.revision();
  }
}
