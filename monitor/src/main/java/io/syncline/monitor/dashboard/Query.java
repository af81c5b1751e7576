package io.syncline.monitor.dashboard;

import io.syncline.monitor.metrics.Metric;
import java.util.Arrays;
import java.util.List;

/**
 * What a panel asks Prometheus, with a dashboard's variables in it.
 *
 * @param legend how a series is named; {@code {{label}}} stands for the value of a label
 * @param metrics what it is about
 */
public record Query(String expression, String legend, List<Metric> metrics) {

  public Query {
    metrics = List.copyOf(metrics);
  }

  /** @param template PromQL, with {@code %s} in the place of each selector */
  static Query of(String legend, String template, Selector... selectors) {
    Object[] texts = Arrays.stream(selectors).map(Selector::promql).toArray();
    return new Query(
        template.formatted(texts),
        legend,
        Arrays.stream(selectors).map(selector -> selector.series().metric()).toList());
  }

  /** A quantile of a histogram, over all nodes. */
  static Query quantile(String legend, String quantile, Metric histogram) {
    return of(
        legend,
        "histogram_quantile(" + quantile + ", sum by (le) (rate(%s[$__rate_interval])))",
        Selector.buckets(histogram));
  }
}
