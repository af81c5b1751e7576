package io.syncline.server.store;

import io.syncline.model.Revision;
import java.nio.ByteBuffer;

/** Where in the change log a version stands. */
public record ChangePlace(Revision revision, int subIndex) {
  byte[] encode() {
    return StoreKeys.change(revision, subIndex);
  }

  static ChangePlace decode(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new ChangePlace(Revision.of(buffer.getLong()), buffer.getInt());
  }
}
