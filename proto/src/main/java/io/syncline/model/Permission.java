package io.syncline.model;

import com.google.protobuf.ByteString;

/**
 * What a role allows, in the words it was granted in.
 *
 * @param rangeEnd as in {@link KeyRange#named}
 */
public record Permission(Type type, ByteString key, ByteString rangeEnd) {

  /** Numbers are etcd's, and are logged and stored. */
  public enum Type {
    READ(0),
    WRITE(1),
    READ_AND_WRITE(2);

    private final int number;

    Type(int number) {
      this.number = number;
    }

    public int number() {
      return number;
    }

    /**
     * @throws IllegalArgumentException if none has the number
     */
    public static Type ofNumber(int number) {
      for (Type type : values()) {
        if (type.number == number) {
          return type;
        }
      }
      throw new IllegalArgumentException("permission type: " + number + " (expected: 0 to 2)");
    }
  }

  public KeyRange keys() {
    return KeyRange.named(key, rangeEnd);
  }

  boolean allowsRead() {
    return type != Type.WRITE;
  }

  boolean allowsWrite() {
    return type != Type.READ;
  }

  boolean isNamed(ByteString otherKey, ByteString otherRangeEnd) {
    return key.equals(otherKey) && rangeEnd.equals(otherRangeEnd);
  }
}
