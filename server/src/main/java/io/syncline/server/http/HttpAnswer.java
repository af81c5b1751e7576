package io.syncline.server.http;

import com.google.protobuf.ByteString;
import java.util.Map;

/**
 * What a route answers.
 *
 * @param status of HTTP
 * @param type of the body
 * @param headers further ones
 */
public record HttpAnswer(int status, String type, ByteString body, Map<String, String> headers) {
  static final String JSON = "application/json";

  public HttpAnswer {
    headers = Map.copyOf(headers);
  }

  /** A body with nothing further to say. */
  public static HttpAnswer of(int status, String type, ByteString body) {
    return new HttpAnswer(status, type, body, Map.of());
  }

  /** One line of JSON. */
  static HttpAnswer json(int status, String line) {
    return of(status, JSON, ByteString.copyFromUtf8(line + "\n"));
  }

  /** One line that says what was wrong, and what to do. */
  static HttpAnswer error(int status, String message) {
    return json(status, "{\"error\":" + JsonText.quoted(message) + "}");
  }

  HttpAnswer with(String header, String value) {
    return new HttpAnswer(status, type, body, Map.of(header, value));
  }
}
