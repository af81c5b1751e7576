package io.syncline.bench.result;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncline.bench.load.Load;
import io.syncline.bench.load.Measurement;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * One row of a result.
 *
 * @param name what was done, such as {@code put}
 */
public record Row(String name, Load load, Measurement measurement) {
  /** Steps between percentiles halve this many times on the way from the median to the maximum. */
  private static final int TICKS_PER_HALF_DISTANCE = 5;

  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("name", name).put("in_flight", load.inFlight());
    if (load.isOpen()) {
      json.put("rate_per_second", load.ratePerSecond());
    }
    json.put("warmup_ms", load.warmup().toMillis());
    json.put("elapsed_ms", measurement.elapsed().toMillis());
    json.put("operations", measurement.operations());
    json.put("operations_per_second", rounded(measurement.operationsPerSecond()));
    ObjectNode errors = json.putObject("errors");
    new TreeMap<>(measurement.errors()).forEach(errors::put);
    json.set("latency_us", latencies(measurement.latencies()));
    json.set("percentiles", percentiles(measurement.latencies()));
    json.put("histogram_ns", encoded(measurement.latencies()));
    return json;
  }

  private static ObjectNode latencies(Histogram nanos) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("min", micros(nanos.getMinValue()))
        .put("mean", rounded(nanos.getMean() / 1e3))
        .put("p50", micros(nanos.getValueAtPercentile(50)))
        .put("p90", micros(nanos.getValueAtPercentile(90)))
        .put("p99", micros(nanos.getValueAtPercentile(99)))
        .put("p99_9", micros(nanos.getValueAtPercentile(99.9)))
        .put("max", micros(nanos.getMaxValue()));
  }

  /** Of each step: percentile, microseconds, operations up to it. */
  private static ArrayNode percentiles(Histogram nanos) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    for (HistogramIterationValue step : nanos.percentiles(TICKS_PER_HALF_DISTANCE)) {
      list.addArray()
          .add(step.getPercentileLevelIteratedTo())
          .add(micros(step.getValueIteratedTo()))
          .add(step.getTotalCountToThisValue());
    }
    return list;
  }

  /** HdrHistogram's own compressed form, as its other tools read it. */
  private static String encoded(Histogram nanos) {
    ByteBuffer buffer = ByteBuffer.allocate(nanos.getNeededByteBufferCapacity());
    int size = nanos.encodeIntoCompressedByteBuffer(buffer);
    return Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), size));
  }

  private static double micros(long nanos) {
    return rounded(nanos / 1e3);
  }

  private static double rounded(double value) {
    return Math.round(value * 10) / 10.0;
  }
}
