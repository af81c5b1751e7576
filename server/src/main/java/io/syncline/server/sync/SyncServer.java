package io.syncline.server.sync;

import io.syncline.client.sync.Loop;
import io.syncline.model.Checksum;
import io.syncline.model.NamespaceName;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Revision;
import io.syncline.proto.sync.v1.FollowerStatus;
import io.syncline.proto.sync.v1.FollowerStatus.Mode;
import io.syncline.proto.sync.v1.ListFollowersResponse;
import io.syncline.proto.sync.v1.PullRequest;
import io.syncline.proto.sync.v1.PullResponse;
import io.syncline.proto.sync.v1.Report;
import io.syncline.proto.sync.v1.SnapshotRequest;
import io.syncline.proto.sync.v1.Subscriber;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps followers caught up: the serving side of synchronisation, of a voter or of a relay.
 *
 * <p>Each {@link WaitingPull} and {@link PushSession} runs on its loop; a {@link SnapshotReading} and a
 * {@link Comparison} are read by the caller's thread. Nothing a follower does or fails to do is felt by
 * a write.
 */
public final class SyncServer {
  /** Told to a follower that stands still. */
  static final Rejection BEGIN_ANEW = Rejection.of(
      Rejection.Reason.NOT_READY,
      "nothing was applied for long though there is something: come back, and begin anew");

  private final Loop loop;
  private final ChangeSource source;
  private final SyncLimits limits;
  private final Random random;
  private final InstantSource clock;
  private final Heads heads;
  private final Frames frames;
  private final Pushes pushes;
  private final Followers followers;
  private final SyncMeters meters;
  private final AtomicInteger snapshots = new AtomicInteger();
  private final Comparison comparison = new Comparison(this);
  private final Set<PushSession> sessions = new LinkedHashSet<>();
  private final Set<WaitingPull> waiting = new LinkedHashSet<>();
  private boolean pumping;
  /** Nobody is to be told: writes are not to pay for waking the loop. */
  private boolean unheeded = true;

  private boolean closed;
  private volatile boolean sound = true;

  /**
   * @param nodeName as followers name what they follow
   * @param random of jitter
   */
  public SyncServer(
      Loop loop,
      ChangeSource source,
      SyncLimits limits,
      String nodeName,
      Random random,
      InstantSource clock,
      SyncMeters meters) {
    this.loop = loop;
    this.source = source;
    this.limits = limits;
    this.random = random;
    this.clock = clock;
    this.meters = meters;
    this.heads = new Heads(source);
    this.frames = new Frames(source, limits);
    this.pushes = new Pushes(loop, source, heads);
    this.followers = new Followers(source, limits, nodeName);
  }

  public void start() {
    loop.execute(this::beat);
  }

  private void beat() {
    if (closed) {
      return;
    }
    pushes.beginBeat();
    List.copyOf(sessions).forEach(PushSession::heartbeat);
    pushes.beginBeat();
    followers.forgetLongGone(loop.nowMs());
    var unused = loop.after(limits.heartbeat(), this::beat);
  }

  /** Something was committed. Any thread; many calls in a row cost one. */
  public void onCommitted() {
    synchronized (this) {
      if (pumping || unheeded) {
        return;
      }
      pumping = true;
    }
    loop.execute(() -> {
      synchronized (this) {
        pumping = false;
      }
      List.copyOf(sessions).forEach(PushSession::pump);
      List.copyOf(waiting).forEach(WaitingPull::look);
    });
  }

  /**
   * Says whether the source is known to be right: a voter's always is, a relay's copy may not be. While
   * it is not, nothing of it is handed on: what is wrong must not spread. Any thread.
   */
  public void setSound(boolean isSound) {
    if (sound != isSound) {
      sound = isSound;
      onCommitted();
    }
  }

  boolean sound() {
    return sound;
  }

  void requireSound() {
    if (!sound) {
      throw new RejectedException(Rejection.of(
          Rejection.Reason.NOT_READY,
          "this relay's copy is being repaired; try again soon, or follow another one"));
    }
  }

  /** Answers with the next batch as soon as there is one, or when the wait is over. */
  public void pull(PullRequest request, Reply<PullResponse> reply) {
    onLoop(reply, () -> {
      FollowerRecord record = admit(request.getSubscriber());
      if (note(record, request.getReport(), Mode.PULL)) {
        refuseIfStalled(record);
      } else {
        record.progress().rest(loop.nowMs());
      }
      record.acknowledged();
      new WaitingPull(this, request, record, reply).begin();
    });
  }

  private void refuseIfStalled(FollowerRecord record) {
    boolean anew = record
        .progress()
        .isToBeginAnew(
            record.cursor(), source.revision(), limits.stalled(), loop.nowMs(), clock.instant());
    if (anew) {
      meters.stalled();
      throw new RejectedException(BEGIN_ANEW);
    }
  }

  /** Begins to push, as soon as the follower opens the stream. */
  public PushStream stream(Downstream downstream) {
    return new PushStream(this, downstream);
  }

  /**
   * Begins to read a snapshot.
   *
   * @param begun takes it, on the loop, or is refused
   */
  public void snapshot(SnapshotRequest request, Reply<SnapshotReading> begun) {
    onLoop(begun, () -> {
      FollowerRecord record = admit(request.getSubscriber());
      begun.answer(new SnapshotReading(this, request, record.subscription()));
    });
  }

  /**
   * Lets a follower compare its copy.
   *
   * @param admitted takes what it may ask, on the loop, or is refused
   */
  public void compare(Subscriber subscriber, Reply<Comparison> admitted) {
    onLoop(admitted, () -> {
      admit(subscriber);
      admitted.answer(comparison);
    });
  }

  public void listFollowers(Reply<ListFollowersResponse> reply) {
    onLoop(
        reply,
        () -> reply.answer(ListFollowersResponse.newBuilder()
            .setHead(heads.plain())
            .addAllFollowers(statuses())
            .build()));
  }

  /** How those stand that follow this node itself. Of thousands, it takes milliseconds. */
  public void survey(Reply<Survey> reply) {
    onLoop(
        reply,
        () -> reply.answer(new Survey(
            followers.sights(loop.nowMs()), sessions.size(), waiting.size(), snapshots.get())));
  }

  /** When the oldest change after a revision was committed. Any thread. */
  public Optional<Instant> committedAfter(Revision revision) {
    return source.committedAfter(revision);
  }

  /** Whoever asked is told of whatever goes wrong. */
  private void onLoop(Reply<?> reply, Runnable task) {
    loop.execute(() -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        reply.refuse(e);
      }
    });
  }

  /** Those that follow here, directly or through relays. On the loop. */
  public List<FollowerStatus> statuses() {
    return followers.statuses(loop.nowMs(), clock.instant());
  }

  /**
   * Takes note of who asks for what.
   *
   * @throws RejectedException if it may not follow here
   */
  FollowerRecord admit(Subscriber subscriber) {
    return followers.admit(subscriber, loop.nowMs());
  }

  /**
   * Takes note of where a follower says that it stands: so one that pulls acknowledges, too.
   *
   * @return whether it has not applied what it pulled last, and must be given it again
   * @throws RejectedException if its report has not the stated form
   */
  boolean note(FollowerRecord record, Report report, Mode mode) {
    Revision cursor = Requests.revision(report.getCursor());
    Map<NamespaceName, Checksum> theirs = Requests.digests(report.getDigestsList());
    Map<NamespaceName, Checksum> ours = Map.of();
    if (cursor.equals(source.revision()) && report.getDigestsCount() > 0) {
      ChangeSource.Position position = source.position(heads.wholeOf(record.subscription()));
      ours = position.revision().equals(cursor) ? position.digests() : ours;
    }
    record.report(report, mode, loop.nowMs(), theirs, ours);
    Optional<Boolean> applied = record.endOfPull();
    applied.ifPresent(all -> {
      if (all) {
        meters.acknowledged(Mode.PULL);
      } else {
        meters.retried(Mode.PULL);
      }
    });
    return applied.isPresent() && !applied.get();
  }

  /**
   * What one follower may be sent ahead of its acknowledgement, in bytes: a power of two, so that
   * batches are cut alike for all.
   */
  long shareBytes() {
    long share = limits.maxUnderwayBytes() / Math.max(1, sessions.size() + waiting.size());
    return Math.max(SyncLimits.LEAST_SHARE_BYTES, Long.highestOneBit(share));
  }

  void add(PushSession session) {
    sessions.add(session);
    noteHeed();
  }

  void remove(PushSession session) {
    sessions.remove(session);
    noteHeed();
  }

  void add(WaitingPull pull) {
    waiting.add(pull);
    noteHeed();
  }

  void remove(WaitingPull pull) {
    waiting.remove(pull);
    noteHeed();
  }

  private synchronized void noteHeed() {
    unheeded = sessions.isEmpty() && waiting.isEmpty();
  }

  /** Ends all streams. */
  public void close(Rejection why) {
    loop.execute(() -> {
      closed = true;
      List.copyOf(sessions).forEach(session -> session.end(why));
      List.copyOf(waiting).forEach(pull -> pull.refuse(why));
      waiting.clear();
    });
  }

  Loop loop() {
    return loop;
  }

  ChangeSource source() {
    return source;
  }

  SyncLimits limits() {
    return limits;
  }

  Random random() {
    return random;
  }

  SyncMeters meters() {
    return meters;
  }

  InstantSource clock() {
    return clock;
  }

  /** Snapshots under way. */
  AtomicInteger snapshots() {
    return snapshots;
  }

  Pushes pushes() {
    return pushes;
  }

  Heads heads() {
    return heads;
  }

  Frames frames() {
    return frames;
  }
}
