package io.syncline.bench.fanout;

import io.syncline.bench.load.Load;
import io.syncline.bench.load.Measurement;
import io.syncline.bench.result.Row;
import io.syncline.bench.store.Propagation;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What came of one load: how soon each change was seen, and what that cost.
 *
 * @param fromCommit from when the writer knew of the commit until a follower had applied it, ns
 * @param fromStart from when the write was sent, ns
 * @param acknowledged writes; those of the warm-up are among them, as with all that follows
 * @param events changes seen, by all together
 * @param elapsed from the first write until the last event
 * @param cpuTime spent meanwhile, by name of what served the audience; empty if unknown
 * @param ownCpuTime spent meanwhile by this program, the writer and the audience
 * @param bytes of encoded changes that arrived, at all together; 0 if not counted
 */
public record Delivery(
    String name,
    Load load,
    Measurement puts,
    Histogram fromCommit,
    Histogram fromStart,
    int audience,
    int acknowledged,
    long events,
    Duration elapsed,
    Map<String, Duration> cpuTime,
    Duration ownCpuTime,
    long bytes,
    Check check) {
  public Delivery {
    cpuTime = Map.copyOf(cpuTime);
  }

  /**
   * Whether every one saw every acknowledged change exactly once, in order.
   *
   * @param broken why one was no longer told, or null
   */
  public record Check(
      long missing, long doubled, long unordered, @Nullable String broken) {
    static Check of(Propagation propagation) {
      Throwable broken = propagation.broken();
      return new Check(
          propagation.missing(),
          propagation.doubled(),
          propagation.unordered(),
          broken == null ? null : broken.toString());
    }

    public boolean passed() {
      return missing == 0 && doubled == 0 && unordered == 0 && broken == null;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "missing %,d, doubled %,d, out of order %,d%s",
          missing,
          doubled,
          unordered,
          broken == null ? "" : "; one ended: " + broken);
    }
  }

  public double eventsPerSecond() {
    return elapsed.isZero() ? 0 : events * 1e9 / elapsed.toNanos();
  }

  /** Of all that served; 0 if unknown. */
  public double eventsPerCpuSecond() {
    long nanos = cpuTime.values().stream().mapToLong(Duration::toNanos).sum();
    return nanos == 0 ? 0 : events * 1e9 / nanos;
  }

  /** For the table: the writes, and both delays. */
  public List<Row> rows() {
    Duration counted = puts.elapsed();
    return List.of(
        new Row(name + " put", load, puts),
        new Row("commit-applied", load, new Measurement(counted, fromCommit, Map.of())),
        new Row("write-applied", load, new Measurement(counted, fromStart, Map.of())));
  }

  /** For people, in one line. */
  public String text() {
    return String.format(
        Locale.ROOT,
        "%s: %,d changes to %,d: %,d events in %.2f s, %,.0f/s%s; %s%n  %s",
        name,
        acknowledged,
        audience,
        events,
        elapsed.toNanos() / 1e9,
        eventsPerSecond(),
        bytes == 0 || events == 0
            ? ""
            : String.format(Locale.ROOT, ", %,.1f MB, %,d bytes each", bytes / 1e6, bytes / events),
        cpu(),
        check);
  }

  private String cpu() {
    if (cpuTime.isEmpty()) {
      return "processor time unknown";
    }
    String spent = new TreeMap<>(cpuTime)
        .entrySet().stream()
            .map(one -> String.format(
                Locale.ROOT, "%s %.2f s", one.getKey(), one.getValue().toNanos() / 1e9))
            .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "processor time: %s, %,.0f events per second of it; writer and followers %.2f s",
        spent,
        eventsPerCpuSecond(),
        ownCpuTime.toNanos() / 1e9);
  }

  /** What is not in the rows, by name. */
  public Map<String, Long> findings() {
    var findings = new TreeMap<String, Long>();
    findings.put("acknowledged", (long) acknowledged);
    findings.put("events", events);
    findings.put("elapsed_us", elapsed.toNanos() / 1000);
    findings.put("events_per_second", Math.round(eventsPerSecond()));
    findings.put("events_per_cpu_second", Math.round(eventsPerCpuSecond()));
    findings.put("cpu_ms_own", ownCpuTime.toMillis());
    findings.put("bytes", bytes);
    findings.put("missing", check.missing());
    findings.put("doubled", check.doubled());
    findings.put("unordered", check.unordered());
    findings.put("broken", check.broken() == null ? 0L : 1L);
    cpuTime.forEach(
        (server, spent) -> findings.put("cpu_ms_" + server.replace(' ', '_'), spent.toMillis()));
    return findings;
  }
}
