package io.syncline.ops.top;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.ops.top.TopSnapshot.Alert;
import io.syncline.ops.top.TopSnapshot.Follower;
import io.syncline.ops.top.TopSnapshot.Voter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class TopFrameTest {
  private static final Instant AT = Instant.parse("2026-11-21T10:00:00Z");

  private static Voter voter(String name, String role, long revision) {
    return new Voter(
        name, role, 3, OptionalLong.of(revision), 5L << 20, 7, Duration.ofSeconds(61), List.of());
  }

  private static Follower follower(String id, String state, long lag) {
    return new Follower(
        id, state, "push", lag, Duration.ofMillis(lag * 10), Optional.of(lag == 0), "");
  }

  private static TopSnapshot snapshot(List<Follower> followers, List<Alert> alerts) {
    return new TopSnapshot(
        AT,
        "c1",
        OptionalLong.of(1200),
        List.of(
            voter("v1", "leader", 1200),
            voter("v2", "voter", 1190),
            new Voter(
                "v3",
                "unreachable",
                0,
                OptionalLong.empty(),
                0,
                0,
                Duration.ZERO,
                List.of("connection refused"))),
        followers,
        List.of("4  concurrent-modification  routes/api in default, by ann: both changed it"),
        false,
        alerts);
  }

  @Test
  void everythingIsInAFrame() {
    var frame = new TopFrame(200, 100, false);
    var alert =
        new Alert("SyncLagHigh", "critical", true, Duration.ofSeconds(75), "f2 is 120 s behind");

    List<String> lines = frame.lines(
        snapshot(
            List.of(follower("f2", "failed", 400), follower("f1", "completed", 0)), List.of(alert)),
        List.of(0.0, 50.0, 100.0));

    assertThat(String.join("\n", lines)).isEqualTo("""
        syncline top   10:00:00 UTC   cluster c1   revision 1,200   100 revisions/s ▁▅█

        ALERTS  1 firing, 0 pending
          critical  SyncLagHigh  for 1m15s  f2 is 120 s behind

        VOTER  ROLE         TERM  REVISION  LAG    STORE  WATCHES  UPTIME  READY
        v1     leader          3      1200    0  5.0 MiB        7  1m1s    yes
        v2     voter           3      1190   10  5.0 MiB        7  1m1s    yes
        v3     unreachable                                                 no: connection refused

        CONFLICTS  1 open
          4  concurrent-modification  routes/api in default, by ann: both changed it

        FOLLOWERS  2: 1 failed, 1 completed
        FOLLOWER  STATE      MODE  LAG                        BEHIND  DIGESTS  LAST ERROR
        f2        failed     push  400  ████████████████████      4s  DIFFER
        f1        completed  push    0                            0s  equal""");
  }

  @Test
  void aFrameFitsItsTerminal() {
    var frame = new TopFrame(60, 24, true);
    List<Follower> many = IntStream.range(0, 500)
        .mapToObj(i -> follower("follower-with-a-long-name-" + i, "running", 500 - i))
        .toList();

    List<String> lines = frame.lines(snapshot(many, List.of()), List.of());

    assertThat(lines).hasSizeLessThanOrEqualTo(24);
    assertThat(lines)
        .allSatisfy(line ->
            assertThat(line.replaceAll("\u001b\\[[0-9]+m", "").length()).isLessThanOrEqualTo(60));
    assertThat(lines.get(lines.size() - 1)).contains("more: syncline followers");
  }

  @Test
  void whoeverLagsAtAllHasAMark() {
    assertThat(TopFrame.bar(0, 1000)).isEmpty();
    assertThat(TopFrame.bar(1, 1_000_000)).isEqualTo("█");
    assertThat(TopFrame.bar(500, 1000)).isEqualTo("█".repeat(10));
  }

  @Test
  void noTextDrawsOnTheTerminal() {
    var frame = new TopFrame(200, 100, false);
    var alert =
        new Alert("X", "warning", true, Duration.ZERO, "a summary\u001b[2J that\nwould wipe");

    assertThat(frame.lines(snapshot(List.of(), List.of(alert)), List.of()))
        .allSatisfy(line -> assertThat(line).doesNotContain("\u001b"));
  }

  @Test
  void aRateIsRevisionsOverTime() {
    var rates = new Rates(2);

    rates.add(AT, OptionalLong.of(100));
    assertThat(rates.perSecond()).isEmpty();
    rates.add(AT.plusSeconds(2), OptionalLong.of(300));
    rates.add(AT.plusSeconds(3), OptionalLong.empty());
    rates.add(AT.plusSeconds(4), OptionalLong.of(320));
    assertThat(rates.perSecond()).containsExactly(100.0, 10.0);
    rates.add(AT.plusSeconds(5), OptionalLong.of(320));
    assertThat(rates.perSecond()).containsExactly(10.0, 0.0);
  }
}
