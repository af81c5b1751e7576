package io.syncline.model;

import com.google.protobuf.ByteString;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A set of keys, kept as ranges that neither overlap nor touch: asking takes the logarithm of their
 * number. Immutable.
 */
public final class KeyRanges {
  private static final Comparator<ByteString> BYTEWISE =
      ByteString.unsignedLexicographicalComparator();

  public static final KeyRanges ALL = KeyRanges.of(List.of(KeyRange.ALL));

  /** An empty end is none. */
  private final TreeMap<ByteString, ByteString> ends = new TreeMap<>(BYTEWISE);

  private KeyRanges() {}

  /** The keys that are in any of the ranges. */
  public static KeyRanges of(Collection<KeyRange> ranges) {
    var union = new KeyRanges();
    ranges.stream()
        .filter(range -> !range.isEmpty())
        .sorted(Comparator.comparing(KeyRange::from, BYTEWISE))
        .forEach(union::append);
    return union;
  }

  /** One that begins no sooner than those that are there. */
  private void append(KeyRange range) {
    Map.Entry<ByteString, ByteString> last = ends.lastEntry();
    if (last == null || !reaches(last.getValue(), range.from())) {
      ends.put(range.from(), range.to());
    } else if (!last.getValue().isEmpty()
        && (range.to().isEmpty() || BYTEWISE.compare(range.to(), last.getValue()) > 0)) {
      ends.put(last.getKey(), range.to());
    }
  }

  private static boolean reaches(ByteString end, ByteString from) {
    return end.isEmpty() || BYTEWISE.compare(from, end) <= 0;
  }

  /** Whether every key of the range is in the set; of an empty range, whether where it begins is. */
  public boolean containsAll(KeyRange range) {
    Map.Entry<ByteString, ByteString> nearest = ends.floorEntry(range.from());
    if (nearest == null) {
      return false;
    }
    ByteString end = nearest.getValue();
    boolean endsWithin = !range.to().isEmpty() && BYTEWISE.compare(range.to(), end) <= 0;
    return end.isEmpty() || (BYTEWISE.compare(range.from(), end) < 0 && endsWithin);
  }

  @Override
  public String toString() {
    return ends.entrySet().stream()
        .map(range -> new KeyRange(range.getKey(), range.getValue()))
        .toList()
        .toString();
  }
}
