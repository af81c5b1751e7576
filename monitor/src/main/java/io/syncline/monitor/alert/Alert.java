package io.syncline.monitor.alert;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * A rule that is broken, or was. Two alerts of the same rule and labels are the same.
 *
 * @param node at which node
 * @param labels values of the labels of the rule's measure, in its order
 * @param value when it was last evaluated
 * @param since when the rule was first found broken
 * @param changed when it came into this state
 */
public record Alert(
    AlertRule rule,
    String node,
    List<String> labels,
    State state,
    double value,
    Instant since,
    Instant changed) {

  /** How far it has come. */
  public enum State {
    /** Broken, but not for as long as the rule demands. */
    PENDING,
    FIRING,
    /** It fired, and the rule is broken no more. */
    RESOLVED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Alert {
    labels = List.copyOf(labels);
  }

  /** What makes it the same alert. */
  record Id(String rule, List<String> labels) {}

  Id id() {
    return new Id(rule.name(), labels);
  }

  /** One sentence, with the value. */
  public String summary() {
    return rule.summary(node, labels, value);
  }

  Alert withValue(double newValue) {
    return new Alert(rule, node, labels, state, newValue, since, changed);
  }

  Alert in(State newState, Instant when) {
    return new Alert(rule, node, labels, newState, value, since, when);
  }
}
