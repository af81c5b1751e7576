package io.syncline.server.conflict;

import io.syncline.conflict.Strategy;
import io.syncline.model.Conflict;
import io.syncline.model.ConflictType;
import io.syncline.monitor.metrics.MeterCounter;
import io.syncline.monitor.metrics.Meters;
import io.syncline.monitor.metrics.MetricCatalogue;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Counts the conflicts that this node dealt with. Any thread. */
public final class ConflictMeters {
  public static final ConflictMeters NONE = new ConflictMeters(labels -> MeterCounter.NONE);

  private static final String CUSTOM = "custom";

  private final Function<Labels, MeterCounter> making;
  private final Map<Labels, MeterCounter> counters = new ConcurrentHashMap<>();

  private record Labels(ConflictType type, String strategy, Conflict.State state) {
    static Labels of(Conflict conflict) {
      boolean custom = conflict.strategy().startsWith(CUSTOM);
      // resolvers' names are anybody's: they would be series without a bound
      return new Labels(conflict.type(), custom ? CUSTOM : conflict.strategy(), conflict.state());
    }
  }

  private ConflictMeters(Function<Labels, MeterCounter> making) {
    this.making = making;
    for (ConflictType type : ConflictType.values()) {
      // there from the start, so that the first one is seen as a rise
      make(type, Strategy.REJECT, Conflict.State.REJECTED);
      make(type, Strategy.ACCEPT_SOURCE, Conflict.State.RESOLVED);
      make(type, Strategy.ACCEPT_TARGET, Conflict.State.RESOLVED);
      make(type, Strategy.MERGE, Conflict.State.RESOLVED);
      make(type, Strategy.MERGE, Conflict.State.OPEN);
      make(type, Strategy.MANUAL, Conflict.State.RESOLVED);
      make(type, Strategy.MANUAL, Conflict.State.OPEN);
    }
  }

  private void make(ConflictType type, Strategy strategy, Conflict.State state) {
    var labels = new Labels(type, strategy.toString(), state);
    counters.put(labels, making.apply(labels));
  }

  public static ConflictMeters of(Meters meters) {
    return new ConflictMeters(labels -> meters.counter(
        MetricCatalogue.CONFLICTS_SETTLED,
        label(labels.type),
        labels.strategy,
        label(labels.state)));
  }

  /** As the labels of metrics have it. */
  public static String label(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** As it is after it was recorded, or closed. */
  void settled(Conflict conflict) {
    counters.computeIfAbsent(Labels.of(conflict), making).increment();
  }
}
