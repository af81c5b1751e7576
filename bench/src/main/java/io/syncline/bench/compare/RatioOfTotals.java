package io.syncline.bench.compare;

import java.util.List;
import java.util.stream.IntStream;

/**
 * How two that took turns compare in all, and how far chance may have moved that: where single turns vary
 * widely, this is steadier than the middle of their ratios.
 *
 * @param standardError of the ratio, from how the rounds differ; see W. G. Cochran, Sampling Techniques,
 *     chapter 6. NaN if there was one round
 */
record RatioOfTotals(double ratio, double standardError) {
  /** Figures of each round, in the same order; at least one. */
  static RatioOfTotals of(List<Double> ones, List<Double> others) {
    int rounds = ones.size();
    double total = sum(others);
    double ratio = sum(ones) / total;
    double squares = IntStream.range(0, rounds)
        .mapToDouble(i -> ones.get(i) - ratio * others.get(i))
        .map(off -> off * off)
        .sum();
    return new RatioOfTotals(ratio, Math.sqrt(squares * rounds / (rounds - 1)) / total);
  }

  private static double sum(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).sum();
  }
}
