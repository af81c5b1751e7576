package io.syncline.server.http;

import com.google.protobuf.ByteString;
import io.syncline.monitor.metrics.Meters;
import java.io.IOException;
import java.io.UncheckedIOException;

/** All metrics, as Prometheus reads them. */
public final class MetricsRoute {
  private static final int OK = 200;
  private static final int USUAL_BYTES = 64 << 10;

  private MetricsRoute() {}

  public static HttpRoute of(Meters meters) {
    return new HttpRoute("/metrics", false, head -> scrape(meters, head.header("accept")));
  }

  private static HttpAnswer scrape(Meters meters, String accepted) {
    var out = ByteString.newOutput(USUAL_BYTES);
    try {
      String type = meters.scrape(accepted, out);
      return HttpAnswer.of(OK, type, out.toByteString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
