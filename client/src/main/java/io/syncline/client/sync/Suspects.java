package io.syncline.client.sync;

import io.syncline.model.NamespaceName;
import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Which namespaces of a copy are to be compared with the centre's. Used on one loop. */
final class Suspects {
  /** Known to differ. */
  private final TreeSet<NamespaceName> differing = new TreeSet<>();

  /** To be looked at, without any suspicion, and repaired if need be. */
  private final TreeSet<NamespaceName> toVerify = new TreeSet<>();

  /** To be looked at, and left as they are. */
  private final TreeSet<NamespaceName> toLookAt = new TreeSet<>();

  void suspect(NamespaceName namespace) {
    differing.add(namespace);
  }

  void verify(Collection<NamespaceName> namespaces) {
    toVerify.addAll(namespaces);
  }

  void lookAt(Collection<NamespaceName> namespaces) {
    toLookAt.addAll(namespaces);
  }

  /** Whether what differs in the namespace is to be repaired. */
  boolean isToBeRepaired(NamespaceName namespace) {
    return differing.contains(namespace) || toVerify.contains(namespace);
  }

  /** The namespace was compared, and left as it is. */
  void lookedAt(NamespaceName namespace) {
    toLookAt.remove(namespace);
  }

  /** The namespace was compared, and is equal now. */
  void acquit(NamespaceName namespace) {
    differing.remove(namespace);
    toVerify.remove(namespace);
    toLookAt.remove(namespace);
  }

  void clear() {
    differing.clear();
    toVerify.clear();
    toLookAt.clear();
  }

  /** Whether there is anything to compare. */
  boolean isEmpty() {
    return differing.isEmpty() && toVerify.isEmpty() && toLookAt.isEmpty();
  }

  /** What to compare next; not empty. */
  NamespaceName first() {
    return Stream.of(differing, toVerify, toLookAt)
        .flatMap(TreeSet::stream)
        .findFirst()
        .orElseThrow();
  }

  /** Those known to differ. */
  Set<NamespaceName> differing() {
    return Collections.unmodifiableSet(differing);
  }
}
