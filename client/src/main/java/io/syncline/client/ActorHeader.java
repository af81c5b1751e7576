package io.syncline.client;

import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.syncline.model.Actor;
import java.nio.charset.StandardCharsets;

/** States the actor's name with every request: UTF-8, percent-encoded, for metadata is ASCII. */
final class ActorHeader {
  static final Metadata.Key<String> KEY =
      Metadata.Key.of("syncline-actor", Metadata.ASCII_STRING_MARSHALLER);

  private ActorHeader() {}

  static ClientInterceptor interceptor(Actor actor) {
    var headers = new Metadata();
    headers.put(KEY, percentEncoded(actor.name()));
    return MetadataUtils.newAttachHeadersInterceptor(headers);
  }

  /** Leaves letters, digits, '-', '.' and '_'; a space is %20, as decoders differ about '+'. */
  static String percentEncoded(String text) {
    var encoded = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (isPlain(b)) {
        encoded.append((char) b);
      } else {
        encoded.append(String.format("%%%02X", b));
      }
    }
    return encoded.toString();
  }

  private static boolean isPlain(byte b) {
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || (b >= '0' && b <= '9')
        || b == '-'
        || b == '.'
        || b == '_';
  }
}
