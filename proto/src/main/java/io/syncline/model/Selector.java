package io.syncline.model;

import com.google.protobuf.ByteString;

/**
 * What somebody keeps a copy of: a namespace, or the keys of it with a prefix.
 *
 * @param prefix empty: the whole namespace
 */
public record Selector(NamespaceName namespace, ByteString prefix) implements Comparable<Selector> {
  private static final char SEPARATOR = ':';

  /**
   * @throws IllegalArgumentException if the prefix is longer than a key may be
   */
  public Selector {
    if (prefix.size() > Key.MAX_SIZE_BYTES) {
      throw new IllegalArgumentException("prefix: "
          + prefix.size()
          + " bytes (expected: at most "
          + Key.MAX_SIZE_BYTES
          + ", as for a key)");
    }
  }

  public static Selector all(NamespaceName namespace) {
    return new Selector(namespace, ByteString.EMPTY);
  }

  /**
   * Reads {@code namespace} or {@code namespace:prefix}.
   *
   * @throws IllegalArgumentException if the namespace is no name
   */
  public static Selector parse(String text) {
    int at = text.indexOf(SEPARATOR);
    return at < 0
        ? all(new NamespaceName(text))
        : new Selector(
            new NamespaceName(text.substring(0, at)),
            ByteString.copyFromUtf8(text.substring(at + 1)));
  }

  public KeyRange range() {
    return prefix.isEmpty() ? KeyRange.ALL : KeyRange.prefix(prefix);
  }

  /** Whether it is a namespace from end to end, so that the namespace's digest is the copy's. */
  public boolean isWhole() {
    return prefix.isEmpty();
  }

  public boolean covers(ConfigVersion version) {
    return covers(version.namespace(), version.key());
  }

  public boolean covers(NamespaceName name, Key key) {
    return namespace.equals(name) && key.bytes().startsWith(prefix);
  }

  /** Whether everything the other covers is covered. */
  boolean includes(Selector other) {
    return namespace.equals(other.namespace) && other.prefix.startsWith(prefix);
  }

  @Override
  public int compareTo(Selector other) {
    int byNamespace = namespace.compareTo(other.namespace);
    return byNamespace != 0
        ? byNamespace
        : ByteString.unsignedLexicographicalComparator().compare(prefix, other.prefix);
  }

  @Override
  public String toString() {
    return isWhole() ? namespace.value() : namespace.value() + SEPARATOR + Key.display(prefix);
  }
}
