package io.syncline.server.etcd.http;

import io.grpc.Metadata;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What of a request's headers goes on to the service. */
final class RequestMetadata {
  private static final String PREFIX = "grpc-metadata-";
  private static final Pattern NAME = Pattern.compile("[0-9a-z_.-]+");
  private static final Pattern PRINTABLE = Pattern.compile("[ -~]*");
  private static final String TIMEOUT = "grpc-timeout";
  private static final Pattern TIME = Pattern.compile("([0-9]{1,8})([HMSmun])");
  private static final String FORWARDED_FOR = "x-forwarded-for";

  private RequestMetadata() {}

  static Metadata of(HttpHeaders headers, SocketAddress client) {
    var metadata = new Metadata();
    for (Map.Entry<String, String> header : headers) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (name.startsWith(PREFIX)) {
        put(metadata, name.substring(PREFIX.length()), header.getValue());
      } else if (name.contentEquals(HttpHeaderNames.AUTHORIZATION)) {
        put(metadata, name, header.getValue());
        put(metadata, "grpcgateway-authorization", header.getValue());
      }
    }
    if (client instanceof InetSocketAddress address && address.getAddress() != null) {
      String before = headers.get(FORWARDED_FOR, "");
      String own = address.getAddress().getHostAddress();
      put(metadata, FORWARDED_FOR, before.isEmpty() ? own : before + ", " + own);
    }
    return metadata;
  }

  /** What cannot be metadata, or is gRPC's own, is left out. */
  private static void put(Metadata metadata, String name, String value) {
    if (!NAME.matcher(name).matches() || name.startsWith("grpc-")) {
      return;
    }
    if (name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
      try {
        byte[] bytes = Base64.getDecoder().decode(value);
        metadata.put(Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER), bytes);
      } catch (IllegalArgumentException e) {
        // no such header then
      }
    } else if (PRINTABLE.matcher(value).matches()) {
      metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
    }
  }

  /**
   * How long the client will wait; empty if it does not say.
   *
   * @throws MalformedJson if what it says is no time
   */
  static Optional<Duration> timeout(HttpHeaders headers) throws MalformedJson {
    String stated = headers.get(TIMEOUT);
    if (stated == null) {
      return Optional.empty();
    }
    Matcher time = TIME.matcher(stated);
    if (!time.matches()) {
      throw new MalformedJson("invalid grpc-timeout: " + stated);
    }
    long count = Long.parseLong(time.group(1));
    return Optional.of(
        switch (time.group(2)) {
          case "H" -> Duration.ofHours(count);
          case "M" -> Duration.ofMinutes(count);
          case "S" -> Duration.ofSeconds(count);
          case "m" -> Duration.ofMillis(count);
          case "u" -> Duration.ofNanos(Math.multiplyExact(count, 1_000));
          default -> Duration.ofNanos(count);
        });
  }
}
