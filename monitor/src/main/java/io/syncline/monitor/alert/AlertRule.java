package io.syncline.monitor.alert;

import io.syncline.monitor.metrics.Metric;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is wrong if a measure is beyond its threshold for a while.
 *
 * @param name also of its runbook
 * @param direction on which side of the threshold it is wrong: a success rate is wrong below
 * @param holds for how long without a break, before it is told
 * @param unit how the value is shown
 * @param summary one sentence; {@code {value}}, {@code {node}} and {@code {LABEL}} stand for the
 *     value, the node that has it, and the values of the measure's labels
 * @param effect what it does to users, one sentence
 * @param action what to do first, one sentence
 * @param reason why this threshold
 */
public record AlertRule(
    String name,
    Severity severity,
    Measure measure,
    Direction direction,
    double threshold,
    Duration holds,
    ValueUnit unit,
    String summary,
    String effect,
    String action,
    String reason) {

  private static final Pattern NAME = Pattern.compile("([A-Z][a-z0-9]+)+");
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z]+)\\}");

  /** How soon somebody is to look. */
  public enum Severity {
    /** Now: users notice, or will within the hour. */
    CRITICAL,
    /** Within a day. */
    WARNING;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** On which side of the threshold something is wrong. */
  public enum Direction {
    ABOVE(">"),
    BELOW("<");

    private final String operator;

    Direction(String operator) {
      this.operator = operator;
    }

    String operator() {
      return operator;
    }

    boolean isBeyond(double value, double threshold) {
      return this == ABOVE ? value > threshold : value < threshold;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public AlertRule {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("alert: " + name + " (expected: CamelCase)");
    }
    Matcher placeholder = PLACEHOLDER.matcher(summary);
    while (placeholder.find()) {
      String label = placeholder.group(1);
      if (!Set.of("value", "node").contains(label) && !measure.labels().contains(label)) {
        throw new IllegalArgumentException(
            name + ": {" + label + "} (expected: value, node or one of " + measure.labels() + ")");
      }
    }
  }

  /** The nodes at which it can be wrong. */
  public Set<Metric.Node> nodes() {
    return measure.nodes();
  }

  /** Whether nodes evaluate it themselves; if not, only Prometheus does. */
  public boolean builtIn() {
    return measure.builtIn();
  }

  /** The condition, without its duration, as Prometheus evaluates it. */
  public String promql() {
    return measure.promql() + " " + direction.operator() + " " + Promql.number(threshold);
  }

  /** The page that says what to do, within the folder of runbooks. */
  public String runbook() {
    return name + ".md";
  }

  boolean isBroken(double value) {
    return direction.isBeyond(value, threshold);
  }

  /** The summary of one alert. */
  String summary(String node, List<String> labels, double value) {
    return fill(label -> switch (label) {
      case "value" -> unit.text(value);
      case "node" -> node;
      default -> labels.get(measure.labels().indexOf(label));
    });
  }

  /** The summary as Prometheus' template. */
  String summaryTemplate() {
    return fill(label -> switch (label) {
      case "value" -> unit.template();
      case "node" -> "{{ $labels.instance }}";
      default -> "{{ $labels." + label + " }}";
    });
  }

  private String fill(java.util.function.UnaryOperator<String> text) {
    return PLACEHOLDER
        .matcher(summary)
        .replaceAll(match -> Matcher.quoteReplacement(text.apply(match.group(1))));
  }

  @Override
  public String toString() {
    return name;
  }
}
