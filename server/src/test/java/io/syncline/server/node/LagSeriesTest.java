package io.syncline.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.model.Actor;
import io.syncline.model.NamespaceName;
import io.syncline.model.NamespaceRecord;
import io.syncline.model.NamespaceSettings;
import io.syncline.model.Revision;
import io.syncline.model.Selector;
import io.syncline.model.Subscription;
import io.syncline.monitor.metrics.Meters;
import io.syncline.monitor.metrics.Metric;
import io.syncline.monitor.metrics.MetricCatalogue;
import io.syncline.monitor.metrics.Rows;
import io.syncline.proto.sync.v1.FollowerStatus.State;
import io.syncline.server.sync.Survey.Sight;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How many series there are of how far followers are behind, and what they say. */
class LagSeriesTest {
  private static final Instant NOW = Instant.ofEpochSecond(10_000);
  private static final Subscription ALL = Subscription.EVERYTHING;

  private final Map<String, Double> rows = new HashMap<>();
  private final AtomicInteger looks = new AtomicInteger();

  @Test
  void lagIsCountedToTheNewestRevisionOfEachNamespace() {
    fill(List.of(namespace("a", 7), namespace("b", 10)), follower("f1", ALL, 7));

    assertThat(rows)
        .containsEntry("syncline_sync_lag_revisions f1 a", 0.0)
        .containsEntry("syncline_sync_lag_revisions f1 b", 3.0)
        .containsEntry("syncline_sync_lag_seconds f1 a", 0.0)
        // revision 8 was committed at second 8 of the last ten
        .containsEntry("syncline_sync_lag_seconds f1 b", 2.0)
        .containsEntry("syncline_followers_by_lag 5s", 1.0);
  }

  @Test
  void whatAFollowerDoesNotFollowIsNoLag() {
    Subscription onlyA = Subscription.of(Selector.all(new NamespaceName("a")));

    fill(List.of(namespace("a", 7), namespace("b", 10)), follower("f1", onlyA, 7));

    assertThat(rows)
        .containsEntry("syncline_followers_by_lag none", 1.0)
        .doesNotContainKey("syncline_sync_lag_revisions f1 b");
  }

  @Test
  void beyondTheBoundThoseFurthestBehindAreShownAndTheRestByTheWorst() {
    var followers = new ArrayList<Sight>();
    for (int i = 0; i < 5_000; i++) {
      // the first are the furthest behind
      followers.add(follower("f%04d".formatted(i), ALL, Math.min(4_000, i)));
    }

    fill(List.of(namespace("a", 10_000)), followers.toArray(Sight[]::new));

    long series = rows.keySet().stream()
        .filter(row -> row.startsWith(MetricCatalogue.SYNC_LAG_REVISIONS.name() + " "))
        .count();
    assertThat(series).isEqualTo(LagSeries.MAX_FOLLOWERS + 1);
    assertThat(rows)
        .containsEntry("syncline_sync_lag_revisions f0000 a", 10_000.0)
        .containsEntry("syncline_sync_lag_revisions f0199 a", 9_801.0)
        .doesNotContainKey("syncline_sync_lag_revisions f0200 a")
        .containsEntry("syncline_sync_lag_revisions (others) a", 9_800.0);
    assertThat(rows.entrySet().stream()
            .filter(row -> row.getKey().startsWith(MetricCatalogue.FOLLOWERS_BY_LAG.name()))
            .mapToDouble(Map.Entry::getValue)
            .sum())
        .isEqualTo(5_000);
    assertThat(looks).as("into the change log").hasValueLessThan(300);
  }

  @Test
  void manyNamespacesOfManyFollowersStayWithinTheBound() {
    var namespaces = new ArrayList<NamespaceRecord>();
    for (int i = 1; i <= 500; i++) {
      namespaces.add(namespace("n%03d".formatted(i), i));
    }
    var followers = new ArrayList<Sight>();
    for (int i = 0; i < 300; i++) {
      followers.add(follower("f%03d".formatted(i), ALL, 0));
    }

    fill(namespaces, followers.toArray(Sight[]::new));

    long series = rows.keySet().stream()
        .filter(row -> row.startsWith(MetricCatalogue.SYNC_LAG_REVISIONS.name() + " "))
        .count();
    assertThat(series).isBetween(Meters.MAX_SERIES - 30L, (long) Meters.MAX_SERIES);
    assertThat(rows)
        .containsKey("syncline_sync_lag_revisions f000 n500")
        .doesNotContainKey("syncline_sync_lag_revisions f000 n480")
        .containsEntry("syncline_sync_lag_revisions (others) n500", 500.0);
  }

  private void fill(List<NamespaceRecord> namespaces, Sight... followers) {
    var series = new LagSeries(
        namespaces,
        after -> {
          looks.incrementAndGet();
          return Optional.of(NOW.minusSeconds(10 - Math.min(10, after.value() + 1)));
        },
        NOW);
    series.fill(List.of(followers), new Rows() {
      @Override
      public void add(Metric metric, double value, String... labels) {
        assertThat(rows.put(metric + " " + String.join(" ", labels), value)).isNull();
      }
    });
  }

  private static Sight follower(String id, Subscription subscription, long cursor) {
    return new Sight(
        id, subscription, new Revision(cursor), State.RUNNING, false, Optional.empty(), false);
  }

  private static NamespaceRecord namespace(String name, long revision) {
    return NamespaceRecord.created(
            1, new NamespaceName(name), NamespaceSettings.KEEP_ALL, Instant.EPOCH, Actor.SYNCLINE)
        .changed(new Revision(revision), 1, 1);
  }
}
