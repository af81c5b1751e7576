package io.syncline.server.http;

import io.netty.handler.codec.http.HttpMethod;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All paths of a door. */
final class HttpRoutes {
  private static final int NOT_FOUND = 404;
  private static final int WRONG_METHOD = 405;

  private final Map<String, HttpRoute> byPath = new LinkedHashMap<>();

  HttpRoutes(List<HttpRoute> routes) {
    for (HttpRoute route : routes) {
      if (byPath.put(route.path(), route) != null) {
        throw new IllegalArgumentException("routes: " + route.path() + " twice (expected: once)");
      }
    }
  }

  Optional<HttpRoute> find(HttpRequestHead head) {
    return isRead(head.method()) ? Optional.ofNullable(byPath.get(head.path())) : Optional.empty();
  }

  /** Why there is no route. */
  HttpAnswer refusal(HttpRequestHead head) {
    if (!byPath.containsKey(head.path())) {
      return HttpAnswer.error(
          NOT_FOUND,
          "\"" + head.path() + "\": not found (expected: " + String.join(", ", byPath.keySet())
              + ")");
    }
    return HttpAnswer.error(
            WRONG_METHOD, "\"" + head.method() + "\": not allowed here (expected: GET or HEAD)")
        .with("allow", "GET, HEAD");
  }

  private static boolean isRead(String method) {
    return method.equals(HttpMethod.GET.name()) || method.equals(HttpMethod.HEAD.name());
  }
}
