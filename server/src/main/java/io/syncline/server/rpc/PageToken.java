package io.syncline.server.rpc;

import com.google.protobuf.ByteString;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Revision;
import io.syncline.model.Version;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Where the next page begins, and the revision all pages are read at. Opaque to clients: a form byte,
 * the revision in 8 bytes, then a key, or a version in 8 bytes.
 */
record PageToken(Revision revision, ByteString from) {
  private static final byte FORM = 1;
  private static final int HEAD_SIZE_BYTES = 1 + Long.BYTES;

  static PageToken of(Revision revision, Version version) {
    return new PageToken(
        revision,
        ByteString.copyFrom(
            ByteBuffer.allocate(Long.BYTES).putLong(version.value()).flip()));
  }

  /**
   * @return null for the first page
   * @throws RejectedException if the bytes were not made here
   */
  static @Nullable PageToken parse(ByteString bytes) {
    if (bytes.isEmpty()) {
      return null;
    }
    if (bytes.size() < HEAD_SIZE_BYTES || bytes.byteAt(0) != FORM) {
      throw bad();
    }
    long revision = bytes.substring(1, HEAD_SIZE_BYTES).asReadOnlyByteBuffer().getLong();
    if (revision < 0) {
      throw bad();
    }
    return new PageToken(Revision.of(revision), bytes.substring(HEAD_SIZE_BYTES));
  }

  ByteString encode() {
    ByteBuffer head = ByteBuffer.allocate(HEAD_SIZE_BYTES).put(FORM).putLong(revision.value());
    return ByteString.copyFrom(head.flip()).concat(from);
  }

  Version version() {
    if (from.size() != Long.BYTES) {
      throw bad();
    }
    long version = from.asReadOnlyByteBuffer().getLong();
    if (version <= 0) {
      throw bad();
    }
    return new Version(version);
  }

  private static RejectedException bad() {
    return new RejectedException(Rejection.badArgument(
        "page_token: not one of this service (expected: the next_page_token of the answer"
            + " before)"));
  }
}
