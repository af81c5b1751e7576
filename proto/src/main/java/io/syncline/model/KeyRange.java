package io.syncline.model;

import com.google.protobuf.ByteString;
import java.util.Comparator;
import java.util.Optional;

/**
 * The keys from one, inclusive, to another, exclusive, bytewise.
 *
 * @param from first key; empty: from the first there is
 * @param to end; empty: no end
 */
public record KeyRange(ByteString from, ByteString to) {
  public static final KeyRange ALL = new KeyRange(ByteString.EMPTY, ByteString.EMPTY);

  private static final Comparator<ByteString> BYTEWISE =
      ByteString.unsignedLexicographicalComparator();

  private static final ByteString ZERO_BYTE = ByteString.copyFrom(new byte[1]);

  /** All keys that begin with these bytes. */
  public static KeyRange prefix(ByteString prefix) {
    return new KeyRange(prefix, successorOfPrefix(prefix));
  }

  public static KeyRange prefix(String prefix) {
    return prefix(ByteString.copyFromUtf8(prefix));
  }

  /**
   * The keys that a client of etcd names: one, if there is no end; from one on, if the end is one zero
   * byte; or up to the end.
   */
  public static KeyRange named(ByteString key, ByteString end) {
    if (end.isEmpty()) {
      return new KeyRange(key, key.concat(ZERO_BYTE));
    }
    return new KeyRange(key, end.equals(ZERO_BYTE) ? ByteString.EMPTY : end);
  }

  /** Just this key. */
  public static KeyRange single(Key key) {
    return new KeyRange(key.bytes(), key.bytes().concat(ZERO_BYTE));
  }

  /** The key, if it is a range of {@link #single}. */
  public Optional<Key> singleKey() {
    int size = from.size();
    boolean single = size > 0
        && size <= Key.MAX_SIZE_BYTES
        && to.size() == size + 1
        && to.byteAt(size) == 0
        && to.startsWith(from);
    return single ? Optional.of(new Key(from)) : Optional.empty();
  }

  public boolean contains(Key key) {
    return contains(key.bytes());
  }

  public boolean contains(ByteString key) {
    return BYTEWISE.compare(key, from) >= 0 && (to.isEmpty() || BYTEWISE.compare(key, to) < 0);
  }

  /** Whether no key can be in it. */
  public boolean isEmpty() {
    return !to.isEmpty() && BYTEWISE.compare(from, to) >= 0;
  }

  /** The smallest bytes greater than every string that begins with the prefix; empty if none is. */
  private static ByteString successorOfPrefix(ByteString prefix) {
    byte[] bytes = prefix.toByteArray();
    for (int i = bytes.length - 1; i >= 0; i--) {
      if (bytes[i] != (byte) 0xff) {
        bytes[i]++;
        return ByteString.copyFrom(bytes, 0, i + 1);
      }
    }
    return ByteString.EMPTY;
  }

  @Override
  public String toString() {
    return "[" + Key.display(from) + ", " + (to.isEmpty() ? "…" : Key.display(to)) + ")";
  }
}
