package io.syncline.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.bench.load.Load;
import io.syncline.bench.load.Measurement;
import io.syncline.bench.result.Row;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

final class SummaryTest {
  private static final Cell PUT_AT_64 = new Cell(Cell.Kind.PUT, 64, 1.2);

  @Test
  void ratiosAreTakenWithinRoundsAndTheirMedianIsHeldAgainstTheBar() {
    // The machine slows down; syncline is at 1.5, 1.0 and 1.3 times etcd.
    Summary summary = Summary.of(List.of(
        turn(1, Contender.ETCD, 1000),
        turn(1, Contender.SYNCLINE, 1500),
        turn(2, Contender.SYNCLINE, 800),
        turn(2, Contender.ETCD, 800),
        turn(3, Contender.ETCD, 600),
        turn(3, Contender.SYNCLINE, 780)));

    Summary.Line line = line(summary, PUT_AT_64);

    assertThat(line.etcdPerSecond()).isEqualTo(800);
    assertThat(line.synclinePerSecond()).isEqualTo(800);
    assertThat(line.ratios().median()).isEqualTo(1.3);
    assertThat(line.ratios().lowest()).isEqualTo(1.0);
    assertThat(line.ratios().highest()).isEqualTo(1.5);
    assertThat(line.met()).isTrue();
    assertThat(summary.text())
        .contains(
            "put at 64          800         800    1.30     1.00–1.50  met (bar: at least 1.2)");
  }

  @Test
  void aRatioBelowTheBarIsToldAsNotMet() {
    Summary summary =
        Summary.of(List.of(turn(1, Contender.ETCD, 1000), turn(1, Contender.SYNCLINE, 1199)));

    assertThat(line(summary, PUT_AT_64).met()).isFalse();
    assertThat(summary.text()).anyMatch(text -> text.endsWith("NOT met (bar: at least 1.2)"));
    assertThat(summary.toJson().get(2).get("met").asBoolean()).isFalse();
  }

  @Test
  void medianOfAnEvenNumberOfRoundsIsTheMiddle() {
    Summary summary = Summary.of(List.of(
        turn(1, Contender.ETCD, 1000),
        turn(1, Contender.SYNCLINE, 1000),
        turn(2, Contender.SYNCLINE, 3000),
        turn(2, Contender.ETCD, 1000)));

    assertThat(line(summary, PUT_AT_64).ratios().median()).isEqualTo(2.0);
  }

  @Test
  void aCellWithoutABarIsNotJudged() {
    List<Cell> cells = List.of(new Cell(Cell.Kind.TXN, 64, 0));

    Summary summary = Summary.of(
        List.of(turn(1, Contender.ETCD, cells, 1000), turn(1, Contender.SYNCLINE, cells, 500)));

    assertThat(summary.text()).contains("txn at 64        1,000         500    0.50     0.50–0.50");
    assertThat(summary.toJson()).hasSize(1);
    assertThat(summary.toJson().get(0).get("ratio").asDouble()).isEqualTo(0.5);
    assertThat(summary.toJson().get(0).has("met")).isFalse();
  }

  private static Summary.Line line(Summary summary, Cell cell) {
    return summary.lines().stream()
        .filter(line -> line.cell().equals(cell))
        .findFirst()
        .orElseThrow();
  }

  private static Turn turn(int round, String system, long operationsPerSecond) {
    return turn(round, system, Cell.OWN_APIS, operationsPerSecond);
  }

  private static Turn turn(int round, String system, List<Cell> cells, long operationsPerSecond) {
    List<Turn.Result> results = cells.stream()
        .map(
            cell -> new Turn.Result(cell, row(cell, operationsPerSecond), new Cores(0.3, 1.5, 0.1)))
        .toList();
    return new Turn(round, system, "1.0", List.of("a", "a"), results);
  }

  private static Row row(Cell cell, long operationsPerSecond) {
    var latencies = new Histogram(1000, 3_600_000_000_000L, 3);
    latencies.recordValueWithCount(1_000_000, operationsPerSecond);
    Duration second = Duration.ofSeconds(1);
    return new Row(
        cell.name(),
        Load.closed(cell.inFlight(), Duration.ZERO, second, 1),
        new Measurement(second, latencies, Map.of()));
  }
}
