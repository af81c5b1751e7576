package io.syncline.bench.fanout;

import io.syncline.bench.load.Clock;
import io.syncline.bench.load.Load;
import io.syncline.bench.load.Measurement;
import io.syncline.bench.load.Progress;
import io.syncline.bench.load.Run;
import io.syncline.bench.process.ClusterFailed;
import io.syncline.bench.process.Listener;
import io.syncline.bench.process.Members;
import io.syncline.bench.result.Row;
import io.syncline.bench.result.Spread;
import io.syncline.bench.store.Dataset;
import io.syncline.bench.store.Phases;
import io.syncline.bench.store.SynclineTarget;
import io.syncline.bench.store.Workloads;
import io.syncline.model.Endpoint;
import io.syncline.model.Revision;
import io.syncline.proto.api.v1.FollowerView;
import io.syncline.proto.api.v1.StatusResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A follower that fell behind, and catches up while writes go on. */
public final class CatchUp {
  private static final int FILL_IN_FLIGHT = 64;
  private static final Duration LONGEST = Duration.ofMinutes(2);

  /** How soon it is noticed that the follower is there. */
  private static final Duration POLL = Duration.ofMillis(10);

  private final SynclineTarget target;
  private final Dataset data;
  private final Members members;
  private final FollowerProcess follower;
  private final Endpoint voter;
  private final Plan plan;

  /**
   * @param revisions how far the follower falls behind
   * @param load the writes that go on: its warm-up and duration are before catch-up
   */
  public record Plan(int revisions, Load load) {}

  /**
   * @param members that the follower is one of
   * @param voter what it follows
   */
  public CatchUp(
      SynclineTarget target,
      Dataset data,
      Members members,
      FollowerProcess follower,
      Endpoint voter,
      Plan plan) {
    this.target = target;
    this.data = data;
    this.members = members;
    this.follower = follower;
    this.voter = voter;
    this.plan = plan;
  }

  /**
   * One round.
   *
   * @throws ClusterFailed if the follower does not get there in two minutes
   */
  public Result run() throws IOException {
    StatusResponse from = follower.await(members, target.client(), head());
    follower.pause();
    try {
      fill();
      return catchUp(from);
    } finally {
      follower.resume();
    }
  }

  private Revision head() {
    return new Revision(target.client().status(voter).getHeader().getRevision());
  }

  private void fill() {
    Load load = Load.count(FILL_IN_FLIGHT, plan.revisions(), plan.load().seed());
    Measurement filled =
        Run.measure(Clock.SYSTEM, load, Workloads.put(target, data), Progress.NONE);
    if (filled.operations() < plan.revisions()) {
      throw new ClusterFailed("writes: %,d (expected: %,d); %s"
          .formatted(filled.operations(), plan.revisions(), filled.errors()));
    }
  }

  private Result catchUp(StatusResponse from) throws IOException {
    Clock clock = Clock.SYSTEM;
    var phases = new Phases(Workloads.put(target, data), clock);
    Load endless = Load.closed(
        plan.load().inFlight(),
        Duration.ZERO,
        LONGEST.multipliedBy(2),
        plan.load().seed());
    ExecutorService writer = Executors.newSingleThreadExecutor();
    Future<?> writing = writer.submit(() -> Run.measure(clock, endless, phases, Progress.NONE));
    try {
      clock.parkUntil(clock.nanos() + plan.load().warmup().toNanos());
      var unused = phases.next();
      clock.parkUntil(clock.nanos() + plan.load().duration().toNanos());
      Revision goal = head();
      Duration followerBefore = follower.cpuTime();
      Duration voterBefore = voterCpuTime();
      Measurement before = phases.next();
      follower.resume();
      StatusResponse there = await(goal);
      Measurement during = phases.next();
      Duration followerDuring = follower.cpuTime().minus(followerBefore);
      Duration voterDuring = voterCpuTime().minus(voterBefore);
      clock.parkUntil(clock.nanos() + plan.load().duration().toNanos());
      return new Result(
          plan.load(),
          before,
          during,
          phases.next(),
          goal.value() - from.getHeader().getRevision(),
          there.getHeader().getRevision() - from.getHeader().getRevision(),
          bytes(there.getFollower()) - bytes(from.getFollower()),
          there.getFollower().getSnapshots() - from.getFollower().getSnapshots(),
          followerDuring,
          voterDuring,
          there.getFollower());
    } finally {
      writing.cancel(true);
      writer.shutdown();
    }
  }

  private static long bytes(FollowerView follower) {
    return follower.getBytes() + follower.getSnapshotBytes();
  }

  private StatusResponse await(Revision goal) {
    Clock clock = Clock.SYSTEM;
    long deadline = clock.nanos() + LONGEST.toNanos();
    while (clock.nanos() - deadline < 0) {
      var status = follower.status(target.client());
      if (status.isPresent() && status.get().getHeader().getRevision() >= goal.value()) {
        return status.get();
      }
      clock.parkUntil(clock.nanos() + POLL.toNanos());
    }
    throw new ClusterFailed("follower " + follower.endpoint() + ": not at revision " + goal
        + " within " + LONGEST.toSeconds() + " s");
  }

  private Duration voterCpuTime() {
    return Listener.on(voter.port())
        .flatMap(process -> process.info().totalCpuDuration())
        .orElse(Duration.ZERO);
  }

  /**
   * What one round came to.
   *
   * @param before writes with nobody behind
   * @param during writes from when the follower went on until it was where the head had been then
   * @param behind revisions between the two
   * @param after writes that the follower, being there, follows
   * @param applied revisions that the follower came forward by, those of the writes going on included
   * @param bytes of batches and net differences that it received
   * @param differences net differences among them
   */
  public record Result(
      Load load,
      Measurement before,
      Measurement during,
      Measurement after,
      long behind,
      long applied,
      long bytes,
      long differences,
      Duration followerCpuTime,
      Duration voterCpuTime,
      FollowerView follower) {
    private static final double LEAST_PER_SECOND = 50_000;
    private static final double MOST_WORSE = 1.2;

    public double revisionsPerSecond() {
      return applied * 1e9 / during.elapsed().toNanos();
    }

    /** How many times as long the slowest hundredth of writes took, as with the follower stopped. */
    public double worse() {
      return (double) during.percentile(99).toNanos()
          / Math.max(1, before.percentile(99).toNanos());
    }

    /** How many times as long the slowest hundredth of writes took, as with the follower following. */
    public double worseThanAfter() {
      return (double) during.percentile(99).toNanos()
          / Math.max(1, after.percentile(99).toNanos());
    }

    /** Nothing that arrived was damaged, and the copy never differed. */
    public boolean sound() {
      return follower.getMismatches() == 0
          && follower.getCorrupt() == 0
          && follower.getSuspectsCount() == 0;
    }

    public List<Row> rows() {
      return List.of(
          new Row("put before", load, before),
          new Row("put during", load, during),
          new Row("put after", load, after));
    }

    /** For people. */
    public String text() {
      double seconds = during.elapsed().toNanos() / 1e9;
      return String.format(
          Locale.ROOT,
          "%,d revisions behind: caught up in %.2f s, %,.0f revisions/s: %s (bar: at least %,.0f);"
              + " %.1f MB, net differences: %d%n"
              + "  put p99 during / before: %.2f: %s (bar: at most %.1f), during / after: %.2f;"
              + " processor time: follower %.2f s, voter %.2f s%n"
              + "  mismatches %d, corrupt batches %d",
          behind,
          seconds,
          revisionsPerSecond(),
          met(revisionsPerSecond() >= LEAST_PER_SECOND),
          LEAST_PER_SECOND,
          bytes / 1e6,
          differences,
          worse(),
          met(worse() <= MOST_WORSE),
          MOST_WORSE,
          worseThanAfter(),
          followerCpuTime.toNanos() / 1e9,
          voterCpuTime.toNanos() / 1e9,
          follower.getMismatches(),
          follower.getCorrupt());
    }

    /** All rounds, for people: their medians are what is held against the bars. */
    public static String overall(List<Result> rounds) {
      Spread speed = speed(rounds);
      Spread worse = worse(rounds);
      Spread worseThanAfter = worseThanAfter(rounds);
      return String.format(
          Locale.ROOT,
          "median of %d rounds: %,.0f revisions/s (%,.0f to %,.0f): %s;"
              + " put p99 during / before: %.2f (%s): %s; during / after: %.2f (%s)",
          rounds.size(),
          speed.median(),
          speed.lowest(),
          speed.highest(),
          met(speed.median() >= LEAST_PER_SECOND),
          worse.median(),
          worse.span(),
          met(worse.median() <= MOST_WORSE),
          worseThanAfter.median(),
          worseThanAfter.span());
    }

    /** All rounds, by name. */
    public static Map<String, Long> findings(List<Result> rounds) {
      return Map.of(
          "median_revisions_per_second",
          Math.round(speed(rounds).median()),
          "median_put_p99_during_per_mille_of_before",
          Math.round(worse(rounds).median() * 1000),
          "median_put_p99_during_per_mille_of_after",
          Math.round(worseThanAfter(rounds).median() * 1000));
    }

    private static Spread speed(List<Result> rounds) {
      return Spread.of(rounds.stream().map(Result::revisionsPerSecond).toList());
    }

    private static Spread worse(List<Result> rounds) {
      return Spread.of(rounds.stream().map(Result::worse).toList());
    }

    private static Spread worseThanAfter(List<Result> rounds) {
      return Spread.of(rounds.stream().map(Result::worseThanAfter).toList());
    }

    private static String met(boolean met) {
      return met ? "met" : "NOT met";
    }

    /** What is not in the rows, by name. */
    public Map<String, Long> findings() {
      var findings = new TreeMap<String, Long>();
      findings.put("behind_revisions", behind);
      findings.put("applied_revisions", applied);
      findings.put("elapsed_us", during.elapsed().toNanos() / 1000);
      findings.put("revisions_per_second", Math.round(revisionsPerSecond()));
      findings.put("bytes", bytes);
      findings.put("net_differences", differences);
      findings.put("put_p99_during_per_mille_of_before", Math.round(worse() * 1000));
      findings.put("put_p99_during_per_mille_of_after", Math.round(worseThanAfter() * 1000));
      findings.put("cpu_ms_follower", followerCpuTime.toMillis());
      findings.put("cpu_ms_voter", voterCpuTime.toMillis());
      findings.put("mismatches", follower.getMismatches());
      findings.put("corrupt", follower.getCorrupt());
      return findings;
    }
  }
}
