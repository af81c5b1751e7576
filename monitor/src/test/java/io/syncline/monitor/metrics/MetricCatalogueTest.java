package io.syncline.monitor.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.monitor.metrics.Metric.Unit;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetricCatalogueTest {
  @Test
  void theListHasEveryMetricOnce() throws IllegalAccessException {
    var declared = new ArrayList<Metric>();
    for (Field field : MetricCatalogue.class.getFields()) {
      if (field.getType() == Metric.class) {
        declared.add((Metric) field.get(null));
      }
    }

    assertThat(MetricCatalogue.ALL).containsExactlyElementsOf(declared).doesNotHaveDuplicates();
  }

  @Test
  void namesFollowPrometheus() {
    for (Metric metric : MetricCatalogue.ALL) {
      assertThat(metric.name()).matches("(syncline|jvm|process|system)_[a-z0-9_]+");
      assertThat(metric.labels()).allMatch(label -> label.matches("[a-z_]+"));
      if (metric.unit() != Unit.NONE) {
        assertThat(metric.meterName()).endsWith("_" + metric.unit().suffix());
      }
      assertThat(metric.help()).endsWith(".");
    }
  }

  @Test
  void bucketsRise() {
    for (Metric metric : MetricCatalogue.ALL) {
      List<Double> buckets = metric.buckets();
      assertThat(buckets).isSorted().doesNotHaveDuplicates();
    }
  }
}
