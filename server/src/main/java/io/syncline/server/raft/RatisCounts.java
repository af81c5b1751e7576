package io.syncline.server.raft;

import io.syncline.monitor.metrics.MeterTimer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.ratis.metrics.LongCounter;
import org.apache.ratis.metrics.MetricRegistries;
import org.apache.ratis.metrics.MetricRegistryInfo;
import org.apache.ratis.metrics.RatisMetricRegistry;
import org.apache.ratis.metrics.Timekeeper;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.server.metrics.SegmentedRaftLogMetrics;
import org.apache.ratis.util.TimeDuration;

/**
 * What Ratis measures of itself: of the hundred things that it counts and times, the flushes of the log
 * go to whoever asked for them, and the rest nowhere. Ratis' own implementation would keep samples of
 * all of them, on the way of every write, and could not tell a sum.
 *
 * <p>Loaded by Ratis, once for the process; it does not start without one.
 */
public final class RatisCounts extends MetricRegistries {
  /** By member: Ratis names its registries so. */
  private static final Map<String, MeterTimer> FLUSHES = new ConcurrentHashMap<>();

  private final Map<MetricRegistryInfo, RatisMetricRegistry> registries = new ConcurrentHashMap<>();

  /** Has the times of a member's flushes taken; to be asked before the member starts. */
  static void takeFlushes(RaftGroupMemberId member, MeterTimer timer) {
    FLUSHES.put(member.toString(), timer);
  }

  static void leaveFlushes(RaftGroupMemberId member) {
    FLUSHES.remove(member.toString());
  }

  @Override
  public RatisMetricRegistry create(MetricRegistryInfo info) {
    return registries.computeIfAbsent(info, Registry::new);
  }

  @Override
  public boolean remove(MetricRegistryInfo info) {
    return registries.remove(info) != null;
  }

  @Override
  public Optional<RatisMetricRegistry> get(MetricRegistryInfo info) {
    return Optional.ofNullable(registries.get(info));
  }

  @Override
  public Set<MetricRegistryInfo> getMetricRegistryInfos() {
    return Set.copyOf(registries.keySet());
  }

  @Override
  public Collection<RatisMetricRegistry> getMetricRegistries() {
    return List.copyOf(registries.values());
  }

  @Override
  public void clear() {
    registries.clear();
  }

  @Override
  public void addReporterRegistration(
      Consumer<RatisMetricRegistry> registering, Consumer<RatisMetricRegistry> stopping) {
    // nobody reports but Syncline
  }

  @Override
  public void enableJmxReporter() {
    // nobody reports but Syncline
  }

  @Override
  public void enableConsoleReporter(TimeDuration rate) {
    // nobody reports but Syncline
  }

  private record Registry(MetricRegistryInfo info) implements RatisMetricRegistry {
    private static final Timekeeper.Context UNTIMED = () -> 0;

    @Override
    public Timekeeper timer(String name) {
      MeterTimer timer = name.equals(SegmentedRaftLogMetrics.RAFT_LOG_SYNC_TIME)
          ? FLUSHES.get(info.getPrefix())
          : null;
      return timer == null ? () -> UNTIMED : () -> new Timing(timer, System.nanoTime());
    }

    @Override
    public LongCounter counter(String name) {
      return new Count(new LongAdder());
    }

    @Override
    public boolean remove(String name) {
      return true;
    }

    @Override
    public <T> void gauge(String name, Supplier<Supplier<T>> value) {
      // read by nobody
    }

    @Override
    public MetricRegistryInfo getMetricRegistryInfo() {
      return info;
    }
  }

  private record Timing(MeterTimer timer, long startNanos) implements Timekeeper.Context {
    @Override
    public long stop() {
      long nanos = System.nanoTime() - startNanos;
      timer.recordNanos(nanos);
      return nanos;
    }
  }

  /** Ratis reads some of its own counts. */
  private record Count(LongAdder adder) implements LongCounter {
    @Override
    public void inc(long by) {
      adder.add(by);
    }

    @Override
    public void dec(long by) {
      adder.add(-by);
    }

    @Override
    public long getCount() {
      return adder.sum();
    }
  }
}
