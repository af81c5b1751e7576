package io.syncline.server.http;

import io.syncline.monitor.Readiness;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Whether the node lives, and whether it is ready. */
public final class HealthRoutes {
  private static final int OK = 200;
  private static final int UNAVAILABLE = 503;

  private HealthRoutes() {}

  /**
   * @param faulted whether a fault stops the node: it is to be started anew then, and not before
   */
  public static List<HttpRoute> of(Readiness readiness, BooleanSupplier faulted) {
    return List.of(
        new HttpRoute("/health/live", true, head -> live(!faulted.getAsBoolean(), readiness)),
        new HttpRoute("/health/ready", true, head -> ready(readiness)));
  }

  private static HttpAnswer live(boolean live, Readiness readiness) {
    return live
        ? HttpAnswer.json(OK, "{\"live\":true}")
        : HttpAnswer.json(
            UNAVAILABLE, "{\"live\":false,\"reasons\":" + JsonText.list(readiness.reasons()) + "}");
  }

  private static HttpAnswer ready(Readiness readiness) {
    List<String> reasons = readiness.reasons();
    return HttpAnswer.json(
        reasons.isEmpty() ? OK : UNAVAILABLE,
        "{\"ready\":" + reasons.isEmpty() + ",\"reasons\":" + JsonText.list(reasons) + "}");
  }
}
