package io.syncline.server.sync;

import io.syncline.client.sync.Self;
import io.syncline.codec.SyncCodec;
import io.syncline.model.FollowerRegistration;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Revision;
import io.syncline.model.Subscription;
import io.syncline.proto.sync.v1.FollowerStatus;
import io.syncline.proto.sync.v1.Subscriber;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Everybody who follows this node, or did lately. Used on one loop. */
final class Followers {
  private static final int MAX_SHARED = 10_000;

  private final ChangeSource source;
  private final SyncLimits limits;
  private final String nodeName;
  private final Map<String, FollowerRecord> byId = new TreeMap<>();
  private final Map<Subscription, Subscription> subscriptions = new HashMap<>();

  Followers(ChangeSource source, SyncLimits limits, String nodeName) {
    this.source = source;
    this.limits = limits;
    this.nodeName = nodeName;
  }

  /**
   * Checks who asks for what, and takes note.
   *
   * @throws RejectedException if it may not follow here
   */
  FollowerRecord admit(Subscriber subscriber, long nowMs) {
    Subscription asked;
    try {
      Self.requireId(subscriber.getFollowerId());
      asked = shared(SyncCodec.subscription(subscriber.getSelectorsList()));
    } catch (IllegalArgumentException e) {
      throw new RejectedException(Rejection.badArgument(String.valueOf(e.getMessage())));
    }
    ChangeSource.Position position = source.position(Set.of());
    requireSameCluster(subscriber, position);
    requireNoLoop(subscriber, position);
    requireScope(subscriber, asked);
    FollowerRecord known = byId.get(subscriber.getFollowerId());
    if (known != null) {
      known.describe(subscriber, asked, nowMs);
      return known;
    }
    if (byId.size() >= limits.maxFollowers()) {
      throw new RejectedException(
          Rejection.tooMany("followers", byId.size() + 1L, limits.maxFollowers()));
    }
    var record = new FollowerRecord(subscriber, asked, nowMs);
    byId.put(subscriber.getFollowerId(), record);
    return record;
  }

  /** One and the same for all who ask for the same: comparing them then costs nothing. */
  private Subscription shared(Subscription asked) {
    if (subscriptions.size() >= MAX_SHARED) {
      subscriptions.clear();
    }
    return subscriptions.computeIfAbsent(asked, first -> first);
  }

  private static void requireSameCluster(Subscriber subscriber, ChangeSource.Position position) {
    String theirs = subscriber.getClusterId();
    if (!theirs.isEmpty() && !theirs.equals(position.cluster().toString())) {
      throw new RejectedException(Rejection.of(
          Reason.WRONG_STATE,
          "follower \""
              + subscriber.getFollowerId()
              + "\": it holds a copy of cluster "
              + theirs
              + " (expected: "
              + position.cluster()
              + "); follow that cluster, or empty the follower's folder"));
    }
  }

  private static void requireNoLoop(Subscriber subscriber, ChangeSource.Position position) {
    boolean above = position.path().contains(subscriber.getFollowerId());
    boolean below = subscriber.getDownstreamIdsList().stream().anyMatch(position.path()::contains);
    if (above || below) {
      throw new RejectedException(Rejection.of(
          Reason.WRONG_STATE,
          "follower \""
              + subscriber.getFollowerId()
              + "\": this node follows it, by way of "
              + position.path()
              + ", so that following this node would be a loop; follow a voter, or another relay"));
    }
  }

  private void requireScope(Subscriber subscriber, Subscription asked) {
    Optional<Subscription> scope = source.scope();
    if (scope.isPresent() && !scope.get().includes(asked)) {
      throw new RejectedException(Rejection.of(
          Reason.WRONG_STATE,
          "follower \""
              + subscriber.getFollowerId()
              + "\": it asks for "
              + asked
              + ", but this relay has only "
              + scope.get()
              + "; ask for less, or follow a voter"));
    }
  }

  void forgetLongGone(long nowMs) {
    byId.values()
        .removeIf(record -> nowMs - record.lastSeenMs() > limits.forgotten().toMillis());
  }

  List<Survey.Sight> sights(long nowMs) {
    Revision head = source.revision();
    return byId.values().stream()
        .map(record -> record.sight(head, nowMs, limits.gone().toMillis()))
        .toList();
  }

  /** Those that follow here, those that follow them, and those that the log remembers. */
  List<FollowerStatus> statuses(long nowMs, Instant now) {
    Revision head = source.revision();
    // many stand at the same few revisions: the change log is read once for each of these
    var lags = new HashMap<Revision, Optional<Long>>();
    var statuses = new ArrayList<FollowerStatus>();
    for (FollowerRecord record : byId.values()) {
      Optional<Long> lagMs =
          lags.computeIfAbsent(record.cursor(), cursor -> lagMs(cursor, head, now));
      statuses.add(record.status(nodeName, head, lagMs, nowMs, limits.gone().toMillis()));
      statuses.addAll(record.downstream());
    }
    Set<String> heardOf =
        statuses.stream().map(FollowerStatus::getFollowerId).collect(Collectors.toSet());
    for (FollowerRegistration remembered : source.registered()) {
      if (!heardOf.contains(remembered.id())) {
        statuses.add(status(remembered, head, now));
      }
    }
    return statuses;
  }

  private static FollowerStatus status(
      FollowerRegistration remembered, Revision head, Instant now) {
    return FollowerStatus.newBuilder()
        .setFollowerId(remembered.id())
        .setAddress(remembered.address())
        .addAllSelectors(SyncCodec.toProto(remembered.subscription()))
        .setState(FollowerStatus.State.FAILED)
        .setCursor(remembered.cursor().value())
        .setLagRevisions(Math.max(0, head.value() - remembered.cursor().value()))
        .setLastSeenMsAgo(Math.max(0, now.toEpochMilli() - remembered.seen().toEpochMilli()))
        .setDurable(true)
        .setLastError("not heard of by this voter")
        .setRemembered(true)
        .build();
  }

  private Optional<Long> lagMs(Revision cursor, Revision head, Instant now) {
    if (!cursor.isBefore(head)) {
      return Optional.empty();
    }
    return source
        .committedAfter(cursor)
        .map(at -> Math.max(0, now.toEpochMilli() - at.toEpochMilli()));
  }
}
