package io.syncline.server.read;

import io.syncline.model.Consistency;
import io.syncline.monitor.metrics.MeterCounter;
import io.syncline.monitor.metrics.MeterTimer;
import io.syncline.monitor.metrics.Meters;
import io.syncline.monitor.metrics.MetricCatalogue;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;

/** Counts reads that were answered. Any thread. */
public final class ReadMeters {
  public static final ReadMeters NONE =
      new ReadMeters((kind, consistency) -> MeterCounter.NONE, MeterTimer.NONE);

  /** What was asked for. */
  public enum Kind {
    GET,
    LIST,
    HISTORY,
    DIFF
  }

  private final Map<Kind, OfKind> kinds = new EnumMap<>(Kind.class);
  private final MeterTimer gets;

  private record OfKind(MeterCounter linearizable, MeterCounter atLeast, MeterCounter stale) {
    MeterCounter of(Consistency consistency) {
      return consistency instanceof Consistency.Linearizable
          ? linearizable
          : consistency instanceof Consistency.AtLeast ? atLeast : stale;
    }
  }

  private ReadMeters(BiFunction<String, String, MeterCounter> counters, MeterTimer gets) {
    for (Kind kind : Kind.values()) {
      String label = kind.name().toLowerCase(Locale.ROOT);
      kinds.put(
          kind,
          new OfKind(
              counters.apply(label, "linearizable"),
              counters.apply(label, "at_least"),
              counters.apply(label, "stale")));
    }
    this.gets = gets;
  }

  public static ReadMeters of(Meters meters) {
    return new ReadMeters(
        (kind, consistency) -> meters.counter(MetricCatalogue.READS, kind, consistency),
        meters.timer(MetricCatalogue.READ_SECONDS));
  }

  public void answered(Kind kind, Consistency consistency) {
    OfKind counters = kinds.get(kind);
    if (counters != null) {
      counters.of(consistency).increment();
    }
  }

  /** A read of one key; {@code arrivedNanos} by {@link System#nanoTime}. */
  public void answeredGet(Consistency consistency, long arrivedNanos) {
    answered(Kind.GET, consistency);
    gets.recordSince(arrivedNanos);
  }
}
