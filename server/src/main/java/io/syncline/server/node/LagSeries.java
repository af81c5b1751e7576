package io.syncline.server.node;

import io.syncline.model.NamespaceName;
import io.syncline.model.NamespaceRecord;
import io.syncline.model.Revision;
import io.syncline.model.Subscription;
import io.syncline.monitor.metrics.Meters;
import io.syncline.monitor.metrics.MetricCatalogue;
import io.syncline.monitor.metrics.Rows;
import io.syncline.server.sync.Survey.Sight;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * How far behind followers are, in a bounded number of series and a bounded number of looks into the
 * change log, however many followers and namespaces there are: those furthest behind have series of
 * their own, the rest one for each namespace. Made for one scrape, used on one thread.
 */
final class LagSeries {
  static final int MAX_FOLLOWERS = 200;
  static final int MAX_NAMESPACES = 20;
  static final int MAX_OTHERS = 100;
  static final String OTHERS = "(others)";

  /** Upper limits of what is counted together, by label; above the last one is "more". */
  private static final Map<String, Duration> LIMITS = limits();

  private final List<NamespaceRecord> newestFirst;
  private final Map<NamespaceName, Revision> newest = new HashMap<>();
  private final Function<Revision, Optional<Instant>> committedAfter;
  private final Instant now;
  private final Map<Revision, Double> seconds = new HashMap<>();
  /** By identity: subscriptions that are equal are shared, and comparing large ones costs. */
  private final IdentityHashMap<Subscription, Revision> newestOf = new IdentityHashMap<>();

  /**
   * @param committedAfter when the oldest change after a revision was committed
   */
  LagSeries(
      Collection<NamespaceRecord> namespaces,
      Function<Revision, Optional<Instant>> committedAfter,
      Instant now) {
    this.newestFirst = namespaces.stream()
        .sorted(Comparator.comparing(NamespaceRecord::revision)
            .reversed()
            .thenComparing(NamespaceRecord::name))
        .toList();
    this.committedAfter = committedAfter;
    this.now = now;
    newestFirst.forEach(record -> newest.put(record.name(), record.revision()));
  }

  private static Map<String, Duration> limits() {
    var limits = new LinkedHashMap<String, Duration>();
    limits.put("1s", Duration.ofSeconds(1));
    limits.put("5s", Duration.ofSeconds(5));
    limits.put("30s", Duration.ofSeconds(30));
    limits.put("5m", Duration.ofMinutes(5));
    return limits;
  }

  void fill(List<Sight> followers, Rows rows) {
    countByLag(followers, rows);
    List<Sight> furthestFirst = followers.stream()
        .sorted(Comparator.comparing(this::behind).reversed().thenComparing(Sight::id))
        .toList();
    int room = Meters.MAX_SERIES - MAX_OTHERS;
    int shown = 0;
    for (Sight follower : furthestFirst.subList(0, Math.min(MAX_FOLLOWERS, followers.size()))) {
      List<NamespaceName> namespaces = among(follower.subscription(), MAX_NAMESPACES);
      room -= namespaces.size();
      if (room < 0) {
        break;
      }
      namespaces.forEach(name -> addLag(rows, follower.id(), name, follower.cursor()));
      shown++;
    }
    addOthers(furthestFirst.subList(shown, followers.size()), rows);
  }

  /** Revisions from a follower's cursor to the newest of what it follows. */
  private long behind(Sight follower) {
    Revision target = newestOf.computeIfAbsent(
        follower.subscription(),
        subscription ->
            among(subscription, 1).stream().map(this::newest).findFirst().orElse(Revision.ZERO));
    return Math.max(0, target.value() - follower.cursor().value());
  }

  private Revision newest(NamespaceName name) {
    return newest.getOrDefault(name, Revision.ZERO);
  }

  /** Those of the namespaces that a follower follows that changed last. */
  private List<NamespaceName> among(Subscription subscription, int most) {
    if (subscription.everything()) {
      return newestFirst.stream().limit(most).map(NamespaceRecord::name).toList();
    }
    return subscription.selectors().stream()
        .map(selector -> selector.namespace())
        .distinct()
        .filter(newest::containsKey)
        .sorted(Comparator.comparing(this::newest).reversed().thenComparing(name -> name))
        .limit(most)
        .toList();
  }

  private void addLag(Rows rows, String follower, NamespaceName name, Revision cursor) {
    long lag = Math.max(0, newest(name).value() - cursor.value());
    rows.add(MetricCatalogue.SYNC_LAG_REVISIONS, lag, follower, name.value());
    rows.add(
        MetricCatalogue.SYNC_LAG_SECONDS, lag == 0 ? 0 : secondsAt(cursor), follower, name.value());
  }

  /** The rest is as far behind as the one of them that is furthest behind. */
  private void addOthers(List<Sight> rest, Rows rows) {
    var least = new IdentityHashMap<Subscription, Revision>();
    rest.forEach(follower ->
        least.merge(follower.subscription(), follower.cursor(), (a, b) -> a.isBefore(b) ? a : b));
    var leastOf = new HashMap<NamespaceName, Revision>();
    least.forEach((subscription, cursor) -> among(subscription, MAX_OTHERS)
        .forEach(name -> leastOf.merge(name, cursor, (a, b) -> a.isBefore(b) ? a : b)));
    newestFirst.stream()
        .map(NamespaceRecord::name)
        .filter(leastOf::containsKey)
        .limit(MAX_OTHERS)
        .forEach(name -> {
          Revision cursor = leastOf.get(name);
          if (cursor != null) {
            addLag(rows, OTHERS, name, cursor);
          }
        });
  }

  private double secondsAt(Revision cursor) {
    return seconds.computeIfAbsent(
        cursor,
        at -> committedAfter
            .apply(at)
            .map(committed -> Math.max(0, Duration.between(committed, now).toNanos() / 1e9))
            .orElse(0.0));
  }

  /** Lag falls as cursors rise: a few looks into the change log find the limits. */
  private void countByLag(List<Sight> followers, Rows rows) {
    var behind = new ArrayList<Revision>();
    followers.stream()
        .filter(follower -> behind(follower) > 0)
        .map(Sight::cursor)
        .sorted(Comparator.reverseOrder())
        .forEach(behind::add);
    rows.add(MetricCatalogue.FOLLOWERS_BY_LAG, followers.size() - behind.size(), "none");
    int counted = 0;
    for (Map.Entry<String, Duration> limit : LIMITS.entrySet()) {
      int within = countWithin(behind, limit.getValue().toMillis() / 1e3);
      rows.add(MetricCatalogue.FOLLOWERS_BY_LAG, within - counted, limit.getKey());
      counted = within;
    }
    rows.add(MetricCatalogue.FOLLOWERS_BY_LAG, behind.size() - counted, "more");
  }

  private int countWithin(List<Revision> newestCursorFirst, double limitSeconds) {
    int low = 0;
    int high = newestCursorFirst.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (secondsAt(newestCursorFirst.get(middle)) <= limitSeconds) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
