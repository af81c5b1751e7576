package io.syncline.server.node;

import io.syncline.model.Endpoint;
import io.syncline.monitor.alert.WebhookSettings;
import java.util.Optional;

/**
 * How a node lets itself be watched over.
 *
 * @param httpListen where metrics and health are served; empty: nowhere
 * @param metrics whether it counts what it does, and so can find out what is wrong
 * @param webhook who is told of alerts; empty: nobody
 */
public record MonitoringSettings(
    Optional<Endpoint> httpListen, boolean metrics, Optional<WebhookSettings> webhook) {
  /** Counts, and shows it to nobody. */
  public static final MonitoringSettings DEFAULT =
      new MonitoringSettings(Optional.empty(), true, Optional.empty());

  public MonitoringSettings withHttpListen(Optional<Endpoint> at) {
    return new MonitoringSettings(at, metrics, webhook);
  }

  public MonitoringSettings withMetrics(boolean counted) {
    return new MonitoringSettings(httpListen, counted, webhook);
  }

  public MonitoringSettings withWebhook(Optional<WebhookSettings> told) {
    return new MonitoringSettings(httpListen, metrics, told);
  }
}
