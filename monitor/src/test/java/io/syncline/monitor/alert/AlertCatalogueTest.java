package io.syncline.monitor.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.monitor.alert.AlertRule.Direction;
import io.syncline.monitor.alert.AlertRule.Severity;
import io.syncline.monitor.metrics.MetricCatalogue;
import io.syncline.monitor.metrics.Series;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AlertCatalogueTest {
  @Test
  void theListHasEveryRuleOnce() throws IllegalAccessException {
    var declared = new ArrayList<AlertRule>();
    for (Field field : AlertCatalogue.class.getFields()) {
      if (field.getType() == AlertRule.class) {
        declared.add((AlertRule) field.get(null));
      }
    }

    assertThat(AlertCatalogue.ALL).containsExactlyElementsOf(declared).doesNotHaveDuplicates();
    assertThat(AlertCatalogue.ALL).extracting(AlertRule::name).doesNotHaveDuplicates();
  }

  @Test
  void everyRuleIsToldInWholeSentences() {
    for (AlertRule rule : AlertCatalogue.ALL) {
      assertThat(List.of(rule.summary(), rule.effect(), rule.action(), rule.reason()))
          .as(rule.name())
          .allMatch(sentence -> sentence.matches("(?s)[A-Z{].*\\."));
      assertThat(rule.nodes()).as(rule.name()).isNotEmpty();
    }
  }

  @Test
  void S4_55_aSuccessRateIsWrongBelowItsThreshold() {
    assertThat(AlertCatalogue.SYNC_SUCCESS_RATE_LOW.direction()).isEqualTo(Direction.BELOW);
    assertThat(AlertCatalogue.SYNC_SUCCESS_RATE_LOW.promql())
        .isEqualTo("increase(syncline_sync_successes_total[2m])"
            + " / increase(syncline_sync_attempts_total[2m]) < 0.95");
  }

  @Test
  void labelsOfTargetsStayWhenTheMetricsOwnAreSummedOver() {
    assertThat(AlertCatalogue.MEMORY_HIGH.promql())
        .isEqualTo("sum without (area, id) (jvm_memory_used_bytes{area=\"heap\"})"
            + " / sum without (area, id) (jvm_memory_max_bytes{area=\"heap\"} > 0) > 0.95");
  }

  @Test
  void aSummaryMayOnlyNameLabelsOfItsMeasure() {
    assertThatThrownBy(() -> new AlertRule(
            "Wrong",
            Severity.WARNING,
            new Measure.Value(Series.of(MetricCatalogue.READY)),
            Direction.BELOW,
            1,
            Duration.ZERO,
            ValueUnit.COUNT,
            "Follower {follower} is not ready.",
            "",
            "",
            ""))
        .hasMessage("Wrong: {follower} (expected: value, node or one of [])");
  }
}
