package io.syncline.server.sync;

import io.syncline.codec.SyncCodec;
import io.syncline.model.Checksum;
import io.syncline.model.DigestBuckets;
import io.syncline.model.NamespaceName;
import io.syncline.model.Revision;
import io.syncline.model.Subscription;
import io.syncline.proto.sync.v1.FollowerStatus;
import io.syncline.proto.sync.v1.FollowerStatus.Mode;
import io.syncline.proto.sync.v1.FollowerStatus.State;
import io.syncline.proto.sync.v1.Report;
import io.syncline.proto.sync.v1.Subscriber;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the node that is followed knows of one follower. Used on one loop. */
final class FollowerRecord {
  /** Of a namespace in which nothing lives; a follower need not have heard of it. */
  private static final Checksum EMPTY = new DigestBuckets().digest();

  private final String id;
  private String address = "";
  private Subscription subscription;
  private boolean durable;
  private Mode mode = Mode.MODE_UNSPECIFIED;
  private Revision cursor = Revision.ZERO;
  private long lastSeenMs;
  private long batches;
  private long bytes;
  private long resent;
  private long refusals;
  private long toldRetries;
  private long mismatches;
  private long repairs;
  private List<FollowerStatus> downstream = List.of();
  private @Nullable Boolean digestsEqual;
  private long snapshotKeys;
  private long snapshotTotalKeys;
  private String lastError = "";
  private boolean refusedLast;
  private boolean retrying;
  private State state = State.PENDING;
  private long stateSinceMs;
  private final Progress progress;
  /** Up to where the last pull led; empty: its end is told, or there was none. */
  private Optional<Revision> pulledTo = Optional.empty();

  FollowerRecord(Subscriber subscriber, Subscription subscription, long nowMs) {
    this.id = subscriber.getFollowerId();
    this.subscription = subscription;
    this.stateSinceMs = nowMs;
    this.progress = new Progress(id, nowMs);
    describe(subscriber, subscription, nowMs);
  }

  void describe(Subscriber subscriber, Subscription asked, long nowMs) {
    address = subscriber.getAddress();
    durable = subscriber.getDurable();
    subscription = asked;
    lastSeenMs = nowMs;
  }

  /**
   * Notes what a follower tells.
   *
   * @param theirs the digests that it tells of its namespaces
   * @param ours the digests of its whole namespaces, if this node stands at its cursor
   */
  void report(
      Report told,
      Mode by,
      long nowMs,
      Map<NamespaceName, Checksum> theirs,
      Map<NamespaceName, Checksum> ours) {
    toldRetries = told.getRetries();
    mismatches = told.getMismatches();
    repairs = told.getRepairs();
    downstream = told.getDownstreamTold() ? told.getDownstreamList() : downstream;
    Revision reached = new Revision(told.getCursor());
    if (reached.isAfter(cursor)) {
      progress.moved(reached, nowMs);
    }
    cursor = reached;
    mode = by;
    lastSeenMs = nowMs;
    if (!ours.isEmpty()) {
      digestsEqual = ours.entrySet().stream()
          .allMatch(
              digest -> digest.getValue().equals(theirs.getOrDefault(digest.getKey(), EMPTY)));
    }
  }

  void sent(long batchBytes) {
    batches++;
    bytes += batchBytes;
  }

  void pulled(Revision to) {
    pulledTo = Optional.of(to);
  }

  /**
   * Whether what was pulled last was applied, now that the follower tells where it stands; empty: no
   * pull is open.
   */
  Optional<Boolean> endOfPull() {
    Optional<Boolean> applied = pulledTo.map(to -> !cursor.isBefore(to));
    pulledTo = Optional.empty();
    return applied;
  }

  Progress progress() {
    return progress;
  }

  void copying(long keys, long totalKeys, long partBytes, long nowMs) {
    mode = Mode.SNAPSHOT;
    snapshotKeys = keys;
    snapshotTotalKeys = totalKeys;
    bytes += partBytes;
    lastSeenMs = nowMs;
  }

  void acknowledged() {
    retrying = false;
    refusedLast = false;
    lastError = "";
  }

  void resent(String why) {
    resent++;
    retrying = true;
    lastError = why;
  }

  void refused(String why) {
    refusals++;
    refusedLast = true;
    lastError = why;
  }

  void left(String why) {
    retrying = false;
    lastError = why;
  }

  Revision cursor() {
    return cursor;
  }

  Subscription subscription() {
    return subscription;
  }

  boolean durable() {
    return durable;
  }

  long lastSeenMs() {
    return lastSeenMs;
  }

  List<FollowerStatus> downstream() {
    return downstream;
  }

  String id() {
    return id;
  }

  Survey.Sight sight(Revision head, long nowMs, long goneMs) {
    boolean gone = nowMs - lastSeenMs > goneMs;
    return new Survey.Sight(
        id,
        subscription,
        cursor,
        stateNow(head, nowMs, goneMs),
        gone,
        Optional.ofNullable(digestsEqual),
        progress.stalled() && !gone);
  }

  private State stateNow(Revision head, long nowMs, long goneMs) {
    if (nowMs - lastSeenMs > goneMs || refusedLast) {
      return State.FAILED;
    } else if (retrying) {
      return State.RETRYING;
    } else if (!cursor.isBefore(head)) {
      return State.COMPLETED;
    }
    return batches == 0 && mode != Mode.SNAPSHOT ? State.PENDING : State.RUNNING;
  }

  FollowerStatus status(
      String upstream, Revision head, Optional<Long> lagMs, long nowMs, long goneMs) {
    State now = stateNow(head, nowMs, goneMs);
    if (now != state) {
      state = now;
      stateSinceMs = nowMs;
    }
    var status = FollowerStatus.newBuilder()
        .setFollowerId(id)
        .setAddress(address)
        .addAllSelectors(SyncCodec.toProto(subscription))
        .setMode(mode)
        .setState(state)
        .setCursor(cursor.value())
        .setLagRevisions(Math.max(0, head.value() - cursor.value()))
        .setLagMs(lagMs.orElse(0L))
        .setLastSeenMsAgo(nowMs - lastSeenMs)
        .setUpstream(upstream)
        .setBatches(batches)
        .setBytes(bytes)
        .setRetries(resent + toldRetries)
        .setRefusals(refusals)
        .setMismatches(mismatches)
        .setRepairs(repairs)
        .setDurable(durable)
        .setLastError(lastError)
        .setStateMs(nowMs - stateSinceMs);
    if (mode == Mode.SNAPSHOT) {
      status.setSnapshotKeys(snapshotKeys).setSnapshotTotalKeys(snapshotTotalKeys);
    }
    if (digestsEqual != null) {
      status.setDigestsEqual(digestsEqual);
    }
    return status.build();
  }
}
