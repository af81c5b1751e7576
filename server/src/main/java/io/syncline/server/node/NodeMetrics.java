package io.syncline.server.node;

import io.syncline.model.Endpoint;
import io.syncline.monitor.Readiness;
import io.syncline.monitor.metrics.Meters;
import io.syncline.monitor.metrics.Metric;
import io.syncline.monitor.metrics.MetricCatalogue;
import io.syncline.monitor.metrics.Rows;
import io.syncline.proto.api.v1.AlertsResponse;
import io.syncline.server.http.HealthRoutes;
import io.syncline.server.http.HttpDoor;
import io.syncline.server.http.HttpRoute;
import io.syncline.server.http.MetricsRoute;
import io.syncline.server.read.ReadMeters;
import io.syncline.server.sync.SyncMeters;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** What a node shows of itself to those who watch over it: metrics and health, by HTTP. */
final class NodeMetrics implements AutoCloseable {
  private final Meters meters = new Meters();
  private final String name;
  private final boolean counting;
  private final Optional<Alerting> alerting;
  private final SyncMeters sync;
  private final ReadMeters reads;
  private final Optional<Endpoint> listen;
  private final Optional<HttpDoor> door;

  /**
   * Opens the door.
   *
   * @param cluster its id; empty while it is not known
   * @param settings with port 0, it listens at any free one
   * @param faulted whether a fault stops the node
   * @throws RefusedToStart if the address cannot be listened on
   */
  NodeMetrics(
      String name,
      Metric.Node kind,
      Supplier<String> cluster,
      Readiness readiness,
      MonitoringSettings settings,
      BooleanSupplier faulted) {
    this.name = name;
    this.counting = settings.metrics();
    this.sync = counted(SyncMeters::of, SyncMeters.NONE);
    this.reads = counted(ReadMeters::of, ReadMeters.NONE);
    this.listen = settings.httpListen();
    this.alerting = counting
        ? Optional.of(new Alerting(kind, name, meters, settings.webhook()))
        : Optional.empty();
    meters.look(
        List.of(MetricCatalogue.BUILD_INFO, MetricCatalogue.NODE_INFO, MetricCatalogue.READY),
        rows -> {
          rows.add(
              MetricCatalogue.BUILD_INFO,
              1,
              SelfDescription.build(),
              Runtime.version().toString());
          rows.add(
              MetricCatalogue.NODE_INFO,
              1,
              name,
              kind.name().toLowerCase(Locale.ROOT),
              cluster.get());
          rows.add(MetricCatalogue.READY, readiness.ready() ? 1 : 0);
        });
    var routes = new ArrayList<HttpRoute>(HealthRoutes.of(readiness, faulted));
    routes.add(0, route());
    this.door = listen.map(at -> open(at, routes));
  }

  private HttpDoor open(Endpoint at, List<HttpRoute> routes) {
    try {
      return HttpDoor.open(at, routes);
    } catch (IOException e) {
      meters.close();
      throw RefusedToStart.cannotListen("http-listen", at, e);
    }
  }

  /** How all metrics are read. */
  HttpRoute route() {
    return MetricsRoute.of(meters);
  }

  /** Where metrics and health are served, also if the port was any free one; empty: nowhere. */
  Optional<Endpoint> endpoint() {
    return door.flatMap(open -> listen.map(at -> new Endpoint(at.host(), open.port())));
  }

  /** What a part counts with. */
  <T> T counted(Function<Meters, T> making, T none) {
    return counting ? making.apply(meters) : none;
  }

  SyncMeters sync() {
    return sync;
  }

  ReadMeters reads() {
    return reads;
  }

  void look(List<Metric> metrics, Consumer<Rows> look) {
    if (counting) {
      meters.look(metrics, look);
    }
  }

  /** Begins to look whether something is wrong: once there is something to look at. */
  void startAlerting() {
    alerting.ifPresent(Alerting::start);
  }

  /** What is wrong, as far as this node can tell. Any thread. */
  AlertsResponse alerts() {
    return alerting
        .map(Alerting::alerts)
        .orElseGet(() -> AlertsResponse.newBuilder().setNode(name).build());
  }

  /** What is looked at is about to be closed. */
  void stopLooking() {
    alerting.ifPresent(Alerting::close);
    meters.stopLooking();
  }

  @Override
  public void close() {
    alerting.ifPresent(Alerting::close);
    door.ifPresent(HttpDoor::close);
    meters.close();
  }
}
