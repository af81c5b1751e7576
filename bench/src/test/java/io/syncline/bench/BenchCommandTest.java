package io.syncline.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

final class BenchCommandTest {
  private static final int WRONG_USAGE = 2;

  private final StringWriter told = new StringWriter();
  private final CommandLine bench = new CommandLine(new BenchCommand())
      .setOut(new PrintWriter(told))
      .setErr(new PrintWriter(told));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "put",
        "get",
        "cas",
        "watch",
        "fan-out",
        "catch-up",
        "stall",
        "compare-etcd",
        "compare-etcd-door",
        "compare-etcd-watch"
      })
  void everyCommandHelps(String command) {
    assertThat(bench.execute(command, "--help")).isZero();

    assertThat(told.toString()).contains("bench " + command);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "--in-flight=0, in flight: 0 (expected: 1 to",
        "--keys=0, keys: 0 (expected: 1 to",
        "--value-bytes=0, value: 0 bytes (expected: 1 to",
        "--duration=fast, 'fast' (expected: a number with",
        "--duration=0s, duration PT0S (expected",
        "--rate=-1, rate: -1.0/s (expected: 0",
        "--namespace=Bench, namespace: \"Bench\" (expected: 1 to 63",
        "--endpoints=nowhere, endpoint: \"nowhere\" (expected: host:port)",
      })
  void wrongOptionsAreToldBeforeAnythingStarts(String option, String message) {
    assertThat(bench.execute("put", "--endpoints=localhost:1", option)).isEqualTo(WRONG_USAGE);

    assertThat(told.toString()).contains(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--watchers=0", "--rate=0", "--rate=9000000"})
  void aWatchThatCannotBeKeptTrackOfIsWrongUsage(String option) {
    assertThat(bench.execute("watch", "--endpoints=localhost:1", option)).isEqualTo(WRONG_USAGE);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "--followers=0, --followers: 0 (expected: 1 to 100000)",
        "--connections=1001, --connections: 1001 (expected: 1 to 1000)",
        "--relays=-1, --relays: -1 (expected: 0 to 100)",
        "--rate=0, --rate: 0.0/s (expected: more than 0)",
        "--value-bytes=0, value: 0 bytes (expected: 1 to",
        "--voter=nowhere, endpoint: \"nowhere\" (expected: host:port)",
      })
  void aFanOutThatMakesNoSenseIsToldBeforeAnythingStarts(String option, String message) {
    assertThat(bench.execute("fan-out", "--endpoints=localhost:1", option)).isEqualTo(WRONG_USAGE);

    assertThat(told.toString()).contains(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--revisions=0", "--rounds=0", "--in-flight=0", "--keys=0"})
  void aCatchUpThatMakesNoSenseIsWrongUsage(String option) {
    assertThat(bench.execute("catch-up", "--endpoints=localhost:1", option)).isEqualTo(WRONG_USAGE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--stalled=0s", "--rounds=0", "--in-flight=0"})
  void aStallThatMakesNoSenseIsWrongUsage(String option) {
    assertThat(bench.execute("stall", "--endpoints=localhost:1", option)).isEqualTo(WRONG_USAGE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--rounds=0", "--only=zookeeper", "--connections=1001", "--changes=0"})
  void anAudienceThatMakesNoSenseIsWrongUsage(String option) {
    assertThat(bench.execute("compare-etcd-watch", option)).isEqualTo(WRONG_USAGE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--rounds=0", "--only=zookeeper", "--seconds=0", "--connections=1001"})
  void aComparisonByEtcdsApiThatMakesNoSenseIsWrongUsage(String option) {
    assertThat(bench.execute("compare-etcd-door", option)).isEqualTo(WRONG_USAGE);
  }

  @Test
  void casWithoutCountersIsWrongUsage() {
    assertThat(bench.execute("cas", "--endpoints=localhost:1", "--keys=0")).isEqualTo(WRONG_USAGE);
  }

  @Test
  void comparingZeroRoundsIsWrongUsage() {
    assertThat(bench.execute("compare-etcd", "--rounds=0")).isEqualTo(WRONG_USAGE);
  }

  @ParameterizedTest
  @CsvSource({"250ms, 250", "10s, 10000", "2m, 120000", "1h, 3600000"})
  void durationsAreReadAsPeopleWriteThem(String text, long millis) {
    assertThat(new DurationText().convert(text)).isEqualTo(Duration.ofMillis(millis));
  }

  @Test
  void durationsWithoutAUnitAreRefused() {
    assertThatThrownBy(() -> new DurationText().convert("10"))
        .isInstanceOf(TypeConversionException.class)
        .hasMessage("'10' (expected: a number with ms, s, m or h, such as 10s)");
  }
}
