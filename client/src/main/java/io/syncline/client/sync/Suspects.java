package io.syncline.client.sync;

import io.syncline.model.NamespaceName;
import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/** Which namespaces of a copy are to be compared with the centre's. Used on one loop. */
final class Suspects {
  /** Known to differ. */
  private final TreeSet<NamespaceName> differing = new TreeSet<>();

  /** To be looked at, without any suspicion. */
  private final TreeSet<NamespaceName> toVerify = new TreeSet<>();

  void suspect(NamespaceName namespace) {
    differing.add(namespace);
  }

  void verify(Collection<NamespaceName> namespaces) {
    toVerify.addAll(namespaces);
  }

  /** The namespace was compared, and is equal now. */
  void acquit(NamespaceName namespace) {
    differing.remove(namespace);
    toVerify.remove(namespace);
  }

  void clear() {
    differing.clear();
    toVerify.clear();
  }

  /** Whether there is anything to compare. */
  boolean isEmpty() {
    return differing.isEmpty() && toVerify.isEmpty();
  }

  /** What to compare next; not empty. */
  NamespaceName first() {
    return (differing.isEmpty() ? toVerify : differing).first();
  }

  /** Those known to differ. */
  Set<NamespaceName> differing() {
    return Collections.unmodifiableSet(differing);
  }
}
