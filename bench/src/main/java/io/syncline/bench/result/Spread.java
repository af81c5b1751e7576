package io.syncline.bench.result;

import java.util.List;
import java.util.Locale;

/** One figure of several rounds. */
public record Spread(double median, double lowest, double highest) {
  /** At least one. */
  public static Spread of(List<Double> ofRounds) {
    List<Double> sorted = ofRounds.stream().sorted().toList();
    return new Spread(median(sorted), sorted.get(0), sorted.get(sorted.size() - 1));
  }

  /** Of an even number: the middle of the two in the middle. */
  public static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /** For people. */
  public String span() {
    return String.format(Locale.ROOT, "%.2f\u2013%.2f", lowest, highest);
  }
}
