package io.syncline.server.sync;

import io.syncline.monitor.metrics.MeterCounter;
import io.syncline.monitor.metrics.MeterTimer;
import io.syncline.monitor.metrics.Meters;
import io.syncline.monitor.metrics.Metric;
import io.syncline.monitor.metrics.MetricCatalogue;
import io.syncline.proto.sync.v1.FollowerStatus.Mode;
import io.syncline.proto.sync.v1.StreamRequest.Refuse;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

/** Counts what is handed to followers, and what becomes of it. Any thread. */
public final class SyncMeters {
  private static final List<Mode> MODES = List.of(Mode.PUSH, Mode.PULL, Mode.SNAPSHOT);
  private static final List<Refuse.Reason> REASONS = List.of(
      Refuse.Reason.CORRUPT,
      Refuse.Reason.FOREIGN,
      Refuse.Reason.STALE_TERM,
      Refuse.Reason.DIGEST_MISMATCH);

  /** After the lists that it is made of. */
  public static final SyncMeters NONE =
      new SyncMeters((metric, label) -> MeterCounter.NONE, MeterTimer.NONE, MeterCounter.NONE);

  private final Map<Mode, OfMode> modes = new EnumMap<>(Mode.class);
  private final Map<Refuse.Reason, MeterCounter> refusals = new EnumMap<>(Refuse.Reason.class);
  private final MeterTimer propagation;
  private final MeterCounter stalls;

  private record OfMode(
      MeterCounter attempts, MeterCounter successes, MeterCounter bytes, MeterCounter retries) {}

  private SyncMeters(
      BiFunction<Metric, String, MeterCounter> counters,
      MeterTimer propagation,
      MeterCounter stalls) {
    for (Mode mode : MODES) {
      String label = label(mode);
      modes.put(
          mode,
          new OfMode(
              counters.apply(MetricCatalogue.SYNC_ATTEMPTS, label),
              counters.apply(MetricCatalogue.SYNC_SUCCESSES, label),
              counters.apply(MetricCatalogue.SYNC_SENT_BYTES, label),
              counters.apply(MetricCatalogue.SYNC_RETRIES, label)));
    }
    for (Refuse.Reason reason : REASONS) {
      refusals.put(reason, counters.apply(MetricCatalogue.SYNC_REFUSALS, label(reason)));
    }
    this.propagation = propagation;
    this.stalls = stalls;
  }

  public static SyncMeters of(Meters meters) {
    return new SyncMeters(
        (metric, label) -> meters.counter(metric, label),
        meters.timer(MetricCatalogue.SYNC_PROPAGATION),
        meters.counter(MetricCatalogue.SYNC_STALLS));
  }

  /** As the labels of metrics have it. */
  public static String label(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  void handedOut(Mode mode, long bytes) {
    OfMode counters = of(mode);
    counters.attempts.increment();
    counters.bytes.add(bytes);
  }

  void acknowledged(Mode mode) {
    of(mode).successes.increment();
  }

  void retried(Mode mode) {
    of(mode).retries.increment();
  }

  private OfMode of(Mode mode) {
    OfMode counters = modes.get(mode);
    if (counters == null) {
      throw new IllegalArgumentException("mode: " + mode + " (expected: one of " + MODES + ")");
    }
    return counters;
  }

  /** A reason that a later release may tell is not counted. */
  void refused(Refuse.Reason reason) {
    refusals.getOrDefault(reason, MeterCounter.NONE).increment();
  }

  void propagated(long millis) {
    propagation.recordNanos(TimeUnit.MILLISECONDS.toNanos(Math.max(0, millis)));
  }

  void stalled() {
    stalls.increment();
  }
}
