package io.syncline.bench.compare;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.syncline.bench.result.Spread;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the rounds come to. A ratio is taken within a round, and its median over the rounds is held
 * against the bar; more is in Syncline's favour, also where less time is better.
 */
record WatchSummary(List<Line> lines) {
  private static final String FORM = "%-28s %12s %12s %7s %13s  %s";

  WatchSummary {
    lines = List.copyOf(lines);
  }

  /**
   * @param bar the least ratio in Syncline's favour; 0: none
   * @param etcd median over the rounds
   * @param syncline median over the rounds
   */
  record Line(WatchFigure figure, double bar, double etcd, double syncline, Spread ratios) {
    boolean met() {
      return ratios.median() >= bar;
    }

    private String verdict() {
      return bar == 0 ? "" : "%s (bar: at least %s)".formatted(met() ? "met" : "NOT met", bar);
    }

    private String text() {
      return FORM.formatted(
              figure.text(),
              number(etcd),
              number(syncline),
              String.format(Locale.ROOT, "%.2f", ratios.median()),
              ratios.span(),
              verdict())
          .stripTrailing();
    }
  }

  /**
   * @param turns in each round one of each
   * @param bars the least ratios in Syncline's favour; figures that are not named have none
   */
  static WatchSummary of(List<WatchTurn> turns, Map<WatchFigure, Double> bars) {
    var rounds = turns.stream().collect(Collectors.groupingBy(WatchTurn::round)).values();
    return new WatchSummary(Arrays.stream(WatchFigure.values())
        .map(figure -> new Line(
            figure,
            bars.getOrDefault(figure, 0.0),
            median(figure, turns, Contender.ETCD),
            median(figure, turns, Contender.SYNCLINE),
            Spread.of(rounds.stream().map(round -> ratio(figure, round)).toList())))
        .toList());
  }

  private static double ratio(WatchFigure figure, List<WatchTurn> round) {
    return figure.ratio(turnOf(Contender.ETCD, round), turnOf(Contender.SYNCLINE, round));
  }

  private static WatchTurn turnOf(String system, List<WatchTurn> round) {
    return round.stream()
        .filter(turn -> turn.system().equals(system))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("a round without " + system));
  }

  private static double median(WatchFigure figure, List<WatchTurn> turns, String system) {
    return Spread.median(turns.stream()
        .filter(turn -> turn.system().equals(system))
        .map(figure::of)
        .toList());
  }

  /** For people, header first. */
  Stream<String> text() {
    return Stream.concat(
        Stream.of(
            FORM.formatted("", "etcd", "syncline", "ratio", "min\u2013max", "").stripTrailing()),
        lines.stream().map(Line::text));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 1000 ? "%,.2f" : "%,.0f", value);
  }

  ArrayNode toJson() {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    for (Line line : lines) {
      var json = list.addObject();
      json.put("figure", line.figure().text());
      json.put("etcd", rounded(line.etcd())).put("syncline", rounded(line.syncline()));
      json.put("ratio", rounded(line.ratios().median()));
      json.put("lowest_ratio", rounded(line.ratios().lowest()));
      json.put("highest_ratio", rounded(line.ratios().highest()));
      if (line.bar() > 0) {
        json.put("bar", line.bar()).put("met", line.met());
      }
    }
    return list;
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
