package io.syncline.server.http;

import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What was asked for.
 *
 * @param method GET or HEAD
 * @param path without the query, decoded
 * @param headers by lower-case name; the first of each
 */
public record HttpRequestHead(String method, String path, Map<String, String> headers) {
  public HttpRequestHead {
    headers = Map.copyOf(headers);
  }

  /**
   * @throws IllegalArgumentException if its path is none
   */
  public static HttpRequestHead of(HttpRequest request) {
    var headers = new HashMap<String, String>();
    request
        .headers()
        .forEach(header ->
            headers.putIfAbsent(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
    String path = new QueryStringDecoder(request.uri()).path();
    return new HttpRequestHead(request.method().name(), path, headers);
  }

  /** Empty if it was not sent. */
  String header(String lowerCaseName) {
    return headers.getOrDefault(lowerCaseName, "");
  }
}
