package io.syncline.bench.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.syncline.model.Key;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The keys and contents of a load, made beforehand: building them must not cost the measurement. */
public final class Dataset {
  private static final int MAX_VALUES = 1024;

  /** All contents together: a client's memory is not what is measured. */
  private static final int MAX_VALUES_BYTES = 64 << 20;

  private static final int MAX_VALUE_BYTES = 8 << 20;
  private static final int MAX_KEYS = 10_000_000;

  private final List<Key> keys;
  private final List<ByteString> values;

  /** How often each key was given a content. */
  private final AtomicIntegerArray turns;

  /**
   * @throws IllegalArgumentException if there are to be no or too many keys or bytes
   */
  public Dataset(String prefix, int keyCount, int valueBytes, long seed) {
    if (keyCount < 1 || keyCount > MAX_KEYS) {
      throw new IllegalArgumentException(
          "keys: " + keyCount + " (expected: 1 to " + MAX_KEYS + ")");
    }
    if (valueBytes < 1 || valueBytes > MAX_VALUE_BYTES) {
      throw new IllegalArgumentException(
          "value: " + valueBytes + " bytes (expected: 1 to " + MAX_VALUE_BYTES + ")");
    }
    var random = new SplittableRandom(seed);
    keys = IntStream.range(0, keyCount).mapToObj(i -> key(prefix, i)).toList();
    values = Stream.generate(() -> randomBytes(random, valueBytes))
        .limit(Math.max(2, Math.min(MAX_VALUES, MAX_VALUES_BYTES / valueBytes)))
        .toList();
    turns = new AtomicIntegerArray(keyCount);
  }

  private static Key key(String prefix, int number) {
    return Key.of(String.format("%s%08d", prefix, number));
  }

  private static ByteString randomBytes(SplittableRandom random, int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return UnsafeByteOperations.unsafeWrap(bytes);
  }

  public int size() {
    return keys.size();
  }

  public Key key(int index) {
    return keys.get(index);
  }

  /** The next content for a key: never the one given before, which a store might skip as unchanged. */
  public ByteString nextValue(int index) {
    return values.get(Math.floorMod(turns.getAndIncrement(index) + index, values.size()));
  }
}
