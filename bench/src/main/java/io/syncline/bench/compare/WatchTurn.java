package io.syncline.bench.compare;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncline.bench.fanout.Delivery;
import io.syncline.bench.result.Row;
import io.syncline.bench.result.Spread;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * One contender's turn in one round.
 *
 * @param leaders who led at the start and at the end; a change in between makes the figures doubtful
 * @param full full fan-outs, one after the other; at least one
 */
record WatchTurn(
    int round,
    String system,
    String version,
    List<String> leaders,
    Result steady,
    List<Result> full) {
  WatchTurn {
    leaders = List.copyOf(leaders);
    full = List.copyOf(full);
  }

  /**
   * One load.
   *
   * @param cores kept busy meanwhile
   */
  record Result(Delivery delivery, Cores cores) {}

  /** Whether all saw everything once and in order. */
  boolean passed() {
    return steady.delivery.check().passed()
        && full.stream().allMatch(result -> result.delivery.check().passed());
  }

  /** Of all full fan-outs together; 0 if the processor time is unknown. */
  double fullEventsPerCpuSecond() {
    long events = full.stream().mapToLong(result -> result.delivery.events()).sum();
    long nanos = full.stream()
        .flatMap(result -> result.delivery.cpuTime().values().stream())
        .mapToLong(Duration::toNanos)
        .sum();
    return nanos == 0 ? 0 : events * 1e9 / nanos;
  }

  /** From write to event, of all full fan-outs together. */
  Histogram fullFromStart() {
    Histogram all = full.get(0).delivery.fromStart().copy();
    full.stream().skip(1).forEach(result -> all.add(result.delivery.fromStart()));
    return all;
  }

  /** The middle one of all full fan-outs. */
  double fullEventsPerSecond() {
    return Spread.median(
        full.stream().map(result -> result.delivery.eventsPerSecond()).toList());
  }

  ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("round", round).put("system", system).put("version", version);
    ArrayNode led = json.putArray("leaders");
    leaders.forEach(led::add);
    ArrayNode loads = json.putArray("loads");
    loads.add(toJson(steady));
    full.forEach(result -> loads.add(toJson(result)));
    return json;
  }

  private static ObjectNode toJson(Result result) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("name", result.delivery.name());
    new TreeMap<>(result.delivery.findings()).forEach(json::put);
    json.set("cores", result.cores.toJson());
    ArrayNode rows = json.putArray("runs");
    for (Row row : result.delivery.rows()) {
      rows.add(row.toJson());
    }
    return json;
  }
}
