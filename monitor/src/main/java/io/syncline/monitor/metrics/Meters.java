package io.syncline.monitor.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.syncline.monitor.metrics.Metric.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * All meters of one node. Counting is cheap and from any thread; what is read from the node's parts
 * instead is read when somebody scrapes.
 */
public final class Meters implements AutoCloseable {
  /** The type of Prometheus' own text format. */
  public static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

  /** The type of OpenMetrics. */
  public static final String OPEN_METRICS =
      "application/openmetrics-text; version=1.0.0; charset=utf-8";

  /** Of one metric, at one node: beyond these, series are left out, and counted as left out. */
  public static final int MAX_SERIES = 2_000;

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Looks looks = new Looks();
  private final JvmGcMetrics garbageCollection = new JvmGcMetrics();

  public Meters() {
    registry.config().meterFilter(onlyCatalogued());
    registry.getPrometheusRegistry().register(looks);
    new JvmMemoryMetrics().bindTo(registry);
    garbageCollection.bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    look(
        List.of(MetricCatalogue.PROCESS_MEMORY),
        rows -> ResidentMemory.ofThisProcess()
            .ifPresent(bytes -> rows.add(MetricCatalogue.PROCESS_MEMORY, (double) bytes)));
    // Micrometer tells the unit of its own only after the filter has looked for the name
    look(
        List.of(MetricCatalogue.PROCESS_UPTIME),
        rows -> rows.add(
            MetricCatalogue.PROCESS_UPTIME,
            ManagementFactory.getRuntimeMXBean().getUptime() / 1e3));
  }

  /** Libraries bring more meters than anybody looks at: what is not in the catalogue is not exported. */
  private MeterFilter onlyCatalogued() {
    return new MeterFilter() {
      @Override
      public MeterFilterReply accept(Meter.Id id) {
        String name =
            registry.config().namingConvention().name(id.getName(), id.getType(), id.getBaseUnit());
        String meter = id.getType() == Meter.Type.COUNTER && name.endsWith("_total")
            ? name.substring(0, name.length() - "_total".length())
            : name;
        return MetricCatalogue.hasMeter(meter) ? MeterFilterReply.NEUTRAL : MeterFilterReply.DENY;
      }
    };
  }

  /**
   * A counter, the same for the same labels. Keep it: finding it costs more than counting.
   *
   * @param labels as many as the metric has
   */
  public MeterCounter counter(Metric metric, String... labels) {
    require(metric, Kind.COUNTER, labels);
    return new MeterCounter(io.micrometer.core.instrument.Counter.builder(metric.meterName())
        .description(metric.help())
        .tags(tags(metric, labels))
        .register(registry));
  }

  /** A histogram or a summary of times, the same for the same labels. */
  public MeterTimer timer(Metric metric, String... labels) {
    if (metric.kind() == Kind.COUNTER || metric.kind() == Kind.GAUGE) {
      throw new IllegalArgumentException(metric + ": a " + metric.kind() + " (expected: of times)");
    }
    requireLabels(metric, labels);
    return new MeterTimer(io.micrometer.core.instrument.Timer.builder(metric.meterName())
        .description(metric.help())
        .tags(tags(metric, labels))
        .serviceLevelObjectives(metric.buckets().stream()
            .map(seconds -> java.time.Duration.ofNanos(Math.round(seconds * 1e9)))
            .toArray(java.time.Duration[]::new))
        .register(registry));
  }

  /** A histogram of sizes, the same for the same labels. */
  public MeterSizes sizes(Metric metric, String... labels) {
    require(metric, Kind.HISTOGRAM, labels);
    return new MeterSizes(
        io.micrometer.core.instrument.DistributionSummary.builder(metric.meterName())
            .description(metric.help())
            .tags(tags(metric, labels))
            .serviceLevelObjectives(
                metric.buckets().stream().mapToDouble(Double::doubleValue).toArray())
            .register(registry));
  }

  /**
   * Has these metrics read from the node whenever somebody scrapes. One look may fill several metrics
   * with values that belong together. A look that throws leaves its metrics out of that scrape.
   *
   * @param metrics gauges or counters; no metric in two looks
   */
  public void look(List<Metric> metrics, Consumer<Rows> look) {
    looks.add(metrics, look);
  }

  /** Ends all looks: what they would read is being closed. */
  public void stopLooking() {
    looks.clear();
  }

  /**
   * Writes everything in a format of Prometheus.
   *
   * @param accepted what the reader accepts, as its HTTP header says
   * @return the type of what was written
   */
  public String scrape(String accepted, OutputStream out) throws IOException {
    String type = accepted.contains("application/openmetrics-text") ? OPEN_METRICS : TEXT;
    registry.scrape(out, type);
    return type;
  }

  /** Everything, as text. */
  public String scrape() {
    var out = new java.io.ByteArrayOutputStream();
    try {
      var unused = scrape(TEXT, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(java.nio.charset.StandardCharsets.UTF_8);
  }

  /**
   * One value of a metric.
   *
   * @param labels values, in the metric's order
   */
  public record Reading(List<String> labels, double value) {
    public Reading {
      labels = List.copyOf(labels);
    }
  }

  /** The values of a gauge or counter now; none if it has none. */
  public List<Reading> read(Metric metric) {
    return read(Set.of(metric)).getOrDefault(metric, List.of());
  }

  /** The values of gauges and counters now, all of one look: reading them one by one costs far more. */
  public Map<Metric, List<Reading>> read(Set<Metric> metrics) {
    Map<String, Metric> wanted =
        metrics.stream().collect(Collectors.toMap(Metric::meterName, Function.identity()));
    var readings = new HashMap<Metric, List<Reading>>();
    for (MetricSnapshot snapshot : registry.getPrometheusRegistry().scrape(wanted::containsKey)) {
      Metric metric = wanted.get(snapshot.getMetadata().getPrometheusName());
      if (metric != null) {
        readings.put(
            metric,
            snapshot.getDataPoints().stream()
                .map(point -> reading(metric, point))
                .toList());
      }
    }
    return readings;
  }

  private static Reading reading(Metric metric, DataPointSnapshot point) {
    List<String> labels = metric.labels().stream()
        .map(label -> String.valueOf(point.getLabels().get(label)))
        .toList();
    if (point instanceof GaugeSnapshot.GaugeDataPointSnapshot gauge) {
      return new Reading(labels, gauge.getValue());
    } else if (point instanceof CounterSnapshot.CounterDataPointSnapshot counter) {
      return new Reading(labels, counter.getValue());
    }
    throw new IllegalArgumentException(metric + ": a " + metric.kind() + " has no single value");
  }

  private static List<Tag> tags(Metric metric, String... labels) {
    var tags = new ArrayList<Tag>();
    for (int i = 0; i < labels.length; i++) {
      tags.add(Tag.of(metric.labels().get(i), labels[i]));
    }
    return tags;
  }

  private static void require(Metric metric, Kind kind, String... labels) {
    if (metric.kind() != kind) {
      throw new IllegalArgumentException(
          metric + ": a " + metric.kind() + " (expected: a " + kind + ")");
    }
    requireLabels(metric, labels);
  }

  static void requireLabels(Metric metric, String... labels) {
    if (labels.length != metric.labels().size()) {
      throw new IllegalArgumentException(
          metric + ": " + labels.length + " labels (expected: " + metric.labels() + ")");
    }
  }

  /** The names of everything that is exported now, for tests that compare them with the catalogue. */
  List<String> names() {
    return StreamSupport.stream(registry.getPrometheusRegistry().scrape().spliterator(), false)
        .map(snapshot -> snapshot.getMetadata().getPrometheusName())
        .toList();
  }

  @Override
  public void close() {
    looks.clear();
    garbageCollection.close();
    registry.close();
  }
}
