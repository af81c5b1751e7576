package io.syncline.bench.compare;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncline.bench.result.Spread;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the rounds come to.
 *
 * <p>A ratio is taken within a round, where both ran minutes apart, and its median over the rounds is
 * held against the bar: a machine that slows down from round to round does not bend it.
 */
record Summary(List<Line> lines) {
  private static final String FORM = "%-10s %11s %11s %7s %13s  %s";

  Summary {
    lines = List.copyOf(lines);
  }

  /**
   * @param etcdPerSecond median over the rounds
   * @param synclinePerSecond median over the rounds
   */
  record Line(Cell cell, double etcdPerSecond, double synclinePerSecond, Spread ratios) {
    boolean met() {
      return ratios.median() >= cell.bar();
    }

    private String bar() {
      return cell.bar() == 0
          ? ""
          : "%s (bar: at least %s)".formatted(met() ? "met" : "NOT met", cell.bar());
    }
  }

  /**
   * @param turns in each round one of each, all with the same cells
   */
  static Summary of(List<Turn> turns) {
    return new Summary(turns.get(0).results().stream()
        .map(result -> line(result.cell(), turns))
        .toList());
  }

  private static Line line(Cell cell, List<Turn> turns) {
    Function<String, List<Double>> rates = system -> turns.stream()
        .filter(turn -> turn.system().equals(system))
        .map(turn -> turn.operationsPerSecond(cell))
        .toList();
    Spread ratios =
        Spread.of(turns.stream().collect(Collectors.groupingBy(Turn::round)).values().stream()
            .map(round -> ratio(cell, round))
            .toList());
    return new Line(
        cell,
        Spread.median(rates.apply(Contender.ETCD)),
        Spread.median(rates.apply(Contender.SYNCLINE)),
        ratios);
  }

  private static double ratio(Cell cell, List<Turn> round) {
    return rate(cell, round, Contender.SYNCLINE) / rate(cell, round, Contender.ETCD);
  }

  private static double rate(Cell cell, List<Turn> round, String system) {
    return round.stream()
        .filter(turn -> turn.system().equals(system))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("a round without " + system))
        .operationsPerSecond(cell);
  }

  /** For people, header first. */
  Stream<String> text() {
    Stream<String> header = Stream.of(
        FORM.formatted("", "etcd/s", "syncline/s", "ratio", "min–max", "").stripTrailing());
    return Stream.concat(header, lines.stream().map(Summary::text));
  }

  private static String text(Line line) {
    return FORM.formatted(
            line.cell(),
            format("%,.0f", line.etcdPerSecond()),
            format("%,.0f", line.synclinePerSecond()),
            format("%.2f", line.ratios().median()),
            line.ratios().span(),
            line.bar())
        .stripTrailing();
  }

  private static String format(String form, double value) {
    return String.format(Locale.ROOT, form, value);
  }

  ArrayNode toJson() {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    for (Line line : lines) {
      ObjectNode json = list.addObject();
      json.put("cell", line.cell().toString());
      json.put("etcd_per_second", Math.round(line.etcdPerSecond()));
      json.put("syncline_per_second", Math.round(line.synclinePerSecond()));
      json.put("ratio", rounded(line.ratios().median()));
      json.put("lowest_ratio", rounded(line.ratios().lowest()));
      json.put("highest_ratio", rounded(line.ratios().highest()));
      if (line.cell().bar() > 0) {
        json.put("bar", line.cell().bar()).put("met", line.met());
      }
    }
    return list;
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
