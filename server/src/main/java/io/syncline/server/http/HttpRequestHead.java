package io.syncline.server.http;

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

  /** Empty if it was not sent. */
  String header(String lowerCaseName) {
    return headers.getOrDefault(lowerCaseName, "");
  }
}
