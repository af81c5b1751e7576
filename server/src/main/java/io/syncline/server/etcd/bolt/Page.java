package io.syncline.server.etcd.bolt;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A page that is being filled: a header, then its elements. It takes one element of any size; what is
 * longer than a page goes on in the pages after it. Not thread-safe.
 */
final class Page {
  static final int SIZE_BYTES = 4096;
  static final int HEADER_BYTES = 16;

  /** What a page is for; the numbers are bbolt's. */
  enum Kind {
    BRANCH(0x01),
    LEAF(0x02),
    META(0x04),
    FREELIST(0x10);

    private final short flag;

    Kind(int flag) {
      this.flag = (short) flag;
    }
  }

  private final Kind kind;
  private final List<Element> elements = new ArrayList<>();
  private int sizeBytes = HEADER_BYTES;

  Page(Kind kind) {
    this.kind = kind;
  }

  /** With the header, without what fills up the page. */
  int sizeBytes() {
    return sizeBytes;
  }

  boolean hasRoomFor(Element element) {
    return elements.isEmpty() || sizeBytes + sizeOf(element) <= SIZE_BYTES;
  }

  void add(Element element) {
    elements.add(element);
    sizeBytes += sizeOf(element);
  }

  Element removeLast() {
    Element last = elements.remove(elements.size() - 1);
    sizeBytes -= sizeOf(last);
    return last;
  }

  ByteString firstKey() {
    return elements.get(0).key();
  }

  /** Without what fills up the page: as it stands within an element of another page. */
  ByteString encodeInline() {
    return ByteString.copyFrom(encode(0, sizeBytes).flip());
  }

  /** As many whole pages as it takes. */
  byte[] encode(long id) {
    int pages = (sizeBytes + SIZE_BYTES - 1) / SIZE_BYTES;
    return encode(id, pages * SIZE_BYTES).array();
  }

  private ByteBuffer encode(long id, int lengthBytes) {
    int overflow = (lengthBytes - 1) / SIZE_BYTES;
    ByteBuffer to = header(ByteBuffer.allocate(lengthBytes), id, kind, elements.size(), overflow);
    int body = HEADER_BYTES + Element.HEADER_BYTES * elements.size();
    for (Element element : elements) {
      element.encodeHeader(to, body - to.position());
      body += element.bodyBytes();
    }
    elements.forEach(element -> element.encodeBody(to));
    return to;
  }

  /**
   * @param overflow how many pages after it belong to it
   */
  static ByteBuffer header(ByteBuffer to, long id, Kind kind, int count, int overflow) {
    return to.order(ByteOrder.LITTLE_ENDIAN)
        .putLong(id)
        .putShort(kind.flag)
        .putShort((short) count)
        .putInt(overflow);
  }

  private static int sizeOf(Element element) {
    return Element.HEADER_BYTES + element.bodyBytes();
  }
}
