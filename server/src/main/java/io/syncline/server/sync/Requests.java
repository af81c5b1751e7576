package io.syncline.server.sync;

import com.google.protobuf.ByteString;
import io.syncline.codec.SyncCodec;
import io.syncline.model.Checksum;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Revision;
import io.syncline.model.Selector;
import io.syncline.proto.sync.v1.NamespaceDigest;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Decodes what is asked for; what has not the stated form is refused. */
final class Requests {
  private Requests() {}

  static Revision revision(long number) {
    if (number < 0) {
      throw new RejectedException(Rejection.badArgument(
          "revision: " + Long.toUnsignedString(number) + " (expected: less than 2^63)"));
    }
    return new Revision(number);
  }

  static Selector selector(io.syncline.proto.sync.v1.Selector selector) {
    return formed(() -> SyncCodec.toDomain(selector));
  }

  static NamespaceName namespace(String name) {
    return formed(() -> new NamespaceName(name));
  }

  static List<Key> keys(List<ByteString> keys) {
    return formed(() -> keys.stream().map(Key::new).toList());
  }

  static Map<NamespaceName, Checksum> digests(List<NamespaceDigest> digests) {
    return formed(() -> SyncCodec.digests(digests));
  }

  private static <T> T formed(Supplier<T> decoding) {
    try {
      return decoding.get();
    } catch (IllegalArgumentException e) {
      throw new RejectedException(Rejection.badArgument(String.valueOf(e.getMessage())));
    }
  }
}
