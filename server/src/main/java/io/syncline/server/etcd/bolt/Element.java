package io.syncline.server.etcd.bolt;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;

/** What a page lists. Each has a header of 16 bytes; its bytes come after the headers of all. */
sealed interface Element {
  int HEADER_BYTES = 16;

  /** By which a page's elements are in order, bytewise. */
  ByteString key();

  /** How many bytes come after the headers. */
  int bodyBytes();

  /**
   * @param distanceBytes from the beginning of the header to that of the body
   */
  void encodeHeader(ByteBuffer to, int distanceBytes);

  void encodeBody(ByteBuffer to);

  /**
   * Of a leaf.
   *
   * @param isBucket whether the value tells where a tree within this one is
   */
  record Entry(ByteString key, ByteString value, boolean isBucket) implements Element {
    private static final int BUCKET_FLAG = 1;

    @Override
    public int bodyBytes() {
      return key.size() + value.size();
    }

    @Override
    public void encodeHeader(ByteBuffer to, int distanceBytes) {
      to.putInt(isBucket ? BUCKET_FLAG : 0)
          .putInt(distanceBytes)
          .putInt(key.size())
          .putInt(value.size());
    }

    @Override
    public void encodeBody(ByteBuffer to) {
      key.copyTo(to);
      value.copyTo(to);
    }
  }

  /**
   * Of a branch.
   *
   * @param key the first of the page below
   * @param page the id of the page below
   */
  record Child(ByteString key, long page) implements Element {
    @Override
    public int bodyBytes() {
      return key.size();
    }

    @Override
    public void encodeHeader(ByteBuffer to, int distanceBytes) {
      to.putInt(distanceBytes).putInt(key.size()).putLong(page);
    }

    @Override
    public void encodeBody(ByteBuffer to) {
      key.copyTo(to);
    }
  }
}
