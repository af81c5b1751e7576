package io.syncline.server.etcd.http;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.Optional;

/** Cuts what comes in pieces into the JSON values that stand in it, one after the other. */
final class JsonValues {
  private static final int USUAL_BYTES = 256;

  private final JsonScanner scanner = new JsonScanner();
  private byte[] bytes = new byte[0];
  /** Where the value begins that is not cut yet. */
  private int from;
  /** Up to where the scanner has been. */
  private int scanned;

  private int size;

  /** Takes a piece; the caller keeps it. */
  void feed(ByteBuf piece) {
    int more = piece.readableBytes();
    if (from > 0) {
      System.arraycopy(bytes, from, bytes, 0, size - from);
      size -= from;
      scanned -= from;
      from = 0;
    }
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(USUAL_BYTES, Math.max(2 * size, size + more)));
    }
    piece.getBytes(piece.readerIndex(), bytes, size, more);
    size += more;
  }

  /** Bytes of values that are not cut yet. */
  int pendingBytes() {
    return size - from;
  }

  /**
   * The next value; empty while it is not whole.
   *
   * @throws MalformedJson if it never will be
   */
  Optional<JsonValue> next() throws MalformedJson {
    while (scanned < size) {
      JsonScanner.Place place = scanner.next(bytes[scanned]);
      if (place == JsonScanner.Place.BEHIND) {
        return Optional.of(cut());
      }
      scanned++;
      if (place == JsonScanner.Place.LAST) {
        return Optional.of(cut());
      }
    }
    return Optional.empty();
  }

  /**
   * What is left when nothing more comes; empty if that is nothing.
   *
   * @throws MalformedJson if it is not a whole value
   */
  Optional<JsonValue> end() throws MalformedJson {
    if (scanner.isWhole()) {
      return Optional.of(cut());
    }
    if (scanner.begun()) {
      throw new MalformedJson("unexpected EOF");
    }
    return Optional.empty();
  }

  /** Forgets all that is not cut yet. */
  void discard() {
    bytes = new byte[0];
    from = 0;
    scanned = 0;
    size = 0;
    scanner.restart();
  }

  private JsonValue cut() {
    JsonValue value = JsonParser.parse(Arrays.copyOfRange(bytes, from, scanned));
    from = scanned;
    scanner.restart();
    return value;
  }
}
