package io.syncline.server.sync;

import com.google.protobuf.ByteString;
import io.syncline.client.sync.Loop;
import io.syncline.codec.SyncCodec;
import io.syncline.model.Checksum;
import io.syncline.model.ConfigVersion;
import io.syncline.model.DigestBuckets;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Revision;
import io.syncline.model.Selector;
import io.syncline.model.SnapshotPart;
import io.syncline.model.Subscription;
import io.syncline.proto.sync.v1.CompareRequest;
import io.syncline.proto.sync.v1.CompareResponse;
import io.syncline.proto.sync.v1.FetchRequest;
import io.syncline.proto.sync.v1.FetchResponse;
import io.syncline.proto.sync.v1.FollowerStatus;
import io.syncline.proto.sync.v1.FollowerStatus.Mode;
import io.syncline.proto.sync.v1.Head;
import io.syncline.proto.sync.v1.ListFollowersResponse;
import io.syncline.proto.sync.v1.PullRequest;
import io.syncline.proto.sync.v1.PullResponse;
import io.syncline.proto.sync.v1.Report;
import io.syncline.proto.sync.v1.SnapshotRequest;
import io.syncline.proto.sync.v1.SnapshotResponse;
import io.syncline.proto.sync.v1.StreamRequest;
import io.syncline.proto.sync.v1.StreamResponse;
import io.syncline.proto.sync.v1.Subscriber;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps followers caught up: the serving side of synchronisation, of a voter or of a relay.
 *
 * <p>Pull and push run on its loop; snapshots, comparisons and repairs are read by the caller's thread.
 * Nothing a follower does or fails to do is felt by a write.
 */
public final class SyncServer {
  private final Loop loop;
  private final ChangeSource source;
  private final SyncLimits limits;
  private final Random random;
  private final InstantSource clock;
  private final Frames frames;
  private final Followers followers;
  private final Set<PushSession> sessions = new LinkedHashSet<>();
  private final Set<Waiting> waiting = new LinkedHashSet<>();
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
      InstantSource clock) {
    this.loop = loop;
    this.source = source;
    this.limits = limits;
    this.random = random;
    this.clock = clock;
    this.frames = new Frames(source);
    this.followers = new Followers(source, limits, nodeName);
  }

  public void start() {
    loop.execute(this::beat);
  }

  private void beat() {
    if (closed) {
      return;
    }
    List.copyOf(sessions).forEach(PushSession::heartbeat);
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
      List.copyOf(waiting).forEach(Waiting::look);
    });
  }

  /**
   * Says whether the source is known to be right. While it is not, nothing of it is handed on: what is
   * wrong must not spread. Any thread.
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

  private void requireSound() {
    if (!sound) {
      throw new RejectedException(Rejection.of(
          Rejection.Reason.NOT_READY,
          "this relay's copy is being repaired; try again soon, or follow another one"));
    }
  }

  /** Takes an answer, once. */
  public interface Reply<T> {
    void answer(T answer);

    void refuse(Throwable why);
  }

  /** One who waits for something to come after its cursor. On the loop. */
  private final class Waiting {
    private final PullRequest request;
    private final FollowerRecord record;
    private final Reply<PullResponse> reply;
    private final Revision cursor;
    private Loop.@Nullable Timer timer;

    Waiting(PullRequest request, FollowerRecord record, Reply<PullResponse> reply) {
      this.request = request;
      this.record = record;
      this.reply = reply;
      this.cursor = new Revision(request.getReport().getCursor());
    }

    void begin(Duration wait) {
      waiting.add(this);
      // first heeded, then looked: what is committed in between is not missed
      noteHeed();
      if (answerSafely(wait.isZero())) {
        forget();
        return;
      }
      timer = loop.after(wait, () -> {
        timer = null;
        forget();
        answerSafely(true);
      });
    }

    void look() {
      if (answerSafely(false)) {
        forget();
        Loop.Timer running = timer;
        timer = null;
        if (running != null) {
          running.cancel();
        }
      }
    }

    private void forget() {
      waiting.remove(this);
      noteHeed();
    }

    private boolean answerSafely(boolean atLast) {
      try {
        return answerIfAny(atLast);
      } catch (RuntimeException e) {
        reply.refuse(e);
        return true;
      }
    }

    /**
     * @param atLast answer even if there is nothing
     * @return whether it was answered
     */
    private boolean answerIfAny(boolean atLast) {
      if (!sound && !atLast) {
        return false;
      }
      requireSound();
      var response = PullResponse.newBuilder();
      if (cursor.isBefore(source.revision())) {
        Optional<Frames.Frame> next = frames.after(
            cursor,
            record.subscription(),
            maxChanges(request.getMaxChanges()),
            maxBytes(request.getMaxBytes()));
        if (next.isEmpty()) {
          response.setSnapshotNeeded(true);
        } else if (next.get().changes() > 0 || atLast) {
          response.setBatch(next.get().bytes());
          record.sent(next.get().bytes().getBatch().size());
        } else {
          return false;
        }
      } else if (!atLast) {
        return false;
      }
      reply.answer(response.setHead(head(record.subscription(), true)).build());
      return true;
    }
  }

  public void pull(PullRequest request, Reply<PullResponse> reply) {
    loop.execute(() -> {
      try {
        FollowerRecord record = followers.admit(request.getSubscriber(), loop.nowMs());
        note(record, request.getReport(), Mode.PULL);
        record.acknowledged();
        int wait = Math.min(Math.max(0, request.getWaitMs()), SyncLimits.MAX_WAIT_MS);
        new Waiting(request, record, reply).begin(Duration.ofMillis(wait));
      } catch (RuntimeException e) {
        reply.refuse(e);
      }
    });
  }

  /** The follower's side of a stream: what it sends goes in here. Any thread. */
  public final class PushStream {
    private final PushSession.Downstream downstream;
    private @Nullable PushSession session;

    private PushStream(PushSession.Downstream downstream) {
      this.downstream = downstream;
    }

    public void message(StreamRequest message) {
      loop.execute(() -> {
        PushSession open = session;
        if (open != null) {
          open.onMessage(message);
        } else if (message.hasOpen()) {
          open(message.getOpen());
        } else {
          downstream.end(PushSession.notOpened().rejection());
        }
      });
    }

    private void open(StreamRequest.Open open) {
      try {
        FollowerRecord record = followers.admit(open.getSubscriber(), loop.nowMs());
        var opened = new PushSession(SyncServer.this, open, record, downstream);
        session = opened;
        sessions.add(opened);
        noteHeed();
        opened.heartbeat();
        opened.pump();
      } catch (RejectedException e) {
        downstream.end(e.rejection());
      }
    }

    /** The connection takes more again. */
    public void ready() {
      loop.execute(() -> {
        PushSession open = session;
        if (open != null) {
          open.pump();
        }
      });
    }

    public void closed(String why) {
      loop.execute(() -> {
        PushSession open = session;
        if (open != null) {
          open.left(why);
        }
      });
    }
  }

  public PushStream stream(
      Consumer<StreamResponse> sending,
      BooleanSupplier ready,
      Consumer<@Nullable Rejection> ending) {
    return new PushStream(new PushSession.Downstream() {
      @Override
      public boolean isReady() {
        return ready.getAsBoolean();
      }

      @Override
      public void send(StreamResponse response) {
        sending.accept(response);
      }

      @Override
      public void end(@Nullable Rejection why) {
        ending.accept(why);
      }
    });
  }

  /** A snapshot as it is read, part by part. Used by one thread at a time. */
  public final class SnapshotReading {
    private final SnapshotRequest request;
    private final Subscription subscription;
    private final long maxBytes;
    private Revision at;
    private @Nullable Selector after;
    private int index;
    private long keys;
    private boolean done;

    private SnapshotReading(SnapshotRequest request, Subscription subscription) {
      this.request = request;
      this.subscription = subscription;
      this.maxBytes = maxBytes(request.getChunkBytes());
      this.at = revision(request.getAtRevision());
      this.after = request.hasAfter() ? selector(request.getAfter()) : null;
    }

    public boolean isDone() {
      return done;
    }

    /** Reads the next part. */
    public SnapshotResponse next() {
      requireSound();
      ChangeSource.Part read = source.snapshot(
          subscription, revision(request.getSinceRevision()), at, after, index++, maxBytes);
      SnapshotPart part = read.part();
      at = part.at();
      after = read.after() == null ? after : read.after();
      keys += part.heads().size();
      done = part.last();
      SnapshotResponse frame = SyncCodec.frame(part);
      long soFar = keys;
      loop.execute(() -> noteCopying(part, soFar, frame.getChunk().size()));
      return frame;
    }

    private void noteCopying(SnapshotPart part, long soFar, long bytes) {
      try {
        followers
            .admit(request.getSubscriber(), loop.nowMs())
            .copying(soFar, part.totalKeys(), bytes, loop.nowMs());
      } catch (RejectedException e) {
        // it was admitted when it began; what has changed since ends its next request
      }
    }
  }

  /**
   * Begins to read a snapshot.
   *
   * @param begun takes it, on the loop, or is refused
   */
  public void snapshot(SnapshotRequest request, Reply<SnapshotReading> begun) {
    loop.execute(() -> {
      try {
        FollowerRecord record = followers.admit(request.getSubscriber(), loop.nowMs());
        begun.answer(new SnapshotReading(request, record.subscription()));
      } catch (RuntimeException e) {
        begun.refuse(e);
      }
    });
  }

  /** Reads what is compared: takes time in proportion to what the selector covers. */
  public CompareResponse compare(CompareRequest request) {
    requireSound();
    Selector selector = selector(request.getSelector());
    Revision at = revision(request.getRevision());
    var response = CompareResponse.newBuilder().setHead(plainHead());
    if (request.hasBucket()) {
      requireBucket(request.getBucket());
      for (ConfigVersion live : source.bucket(selector, at, request.getBucket())) {
        response.addEntries(CompareResponse.Entry.newBuilder()
            .setKey(live.key().bytes())
            .setVersion(live.version().value())
            .setChecksum(live.checksum().bytes()));
      }
    } else {
      DigestBuckets buckets = source.buckets(selector, at);
      ByteString sums = ByteString.EMPTY;
      for (int bucket = 0; bucket < DigestBuckets.COUNT; bucket++) {
        sums = sums.concat(ByteString.copyFrom(buckets.get(bucket)));
      }
      response.setSums(sums);
    }
    return response.build();
  }

  private static void requireBucket(int bucket) {
    if (bucket < 0 || bucket >= DigestBuckets.COUNT) {
      throw new RejectedException(Rejection.badArgument("bucket: "
          + Integer.toUnsignedString(bucket)
          + " (expected: 0 to "
          + (DigestBuckets.COUNT - 1)
          + ")"));
    }
  }

  public FetchResponse fetch(FetchRequest request) {
    requireSound();
    if (request.getKeysCount() > SyncLimits.MAX_FETCHED_KEYS) {
      throw new RejectedException(
          Rejection.tooMany("keys", request.getKeysCount(), SyncLimits.MAX_FETCHED_KEYS));
    }
    NamespaceName namespace = selector(io.syncline.proto.sync.v1.Selector.newBuilder()
            .setNamespace(request.getNamespace())
            .build())
        .namespace();
    var keys = new ArrayList<Key>();
    try {
      request.getKeysList().forEach(key -> keys.add(new Key(key)));
    } catch (IllegalArgumentException e) {
      throw new RejectedException(Rejection.badArgument(String.valueOf(e.getMessage())));
    }
    var response = FetchResponse.newBuilder().setHead(plainHead());
    long bytes = 0;
    for (ConfigVersion head : source.heads(namespace, keys, revision(request.getRevision()))) {
      bytes += head.sizeBytes();
      if (bytes > SyncLimits.MAX_BYTES && response.getHeadsCount() > 0) {
        break;
      }
      response.addHeads(SyncCodec.toProto(head));
    }
    return response.build();
  }

  public void listFollowers(Reply<ListFollowersResponse> reply) {
    loop.execute(() -> reply.answer(ListFollowersResponse.newBuilder()
        .setHead(plainHead())
        .addAllFollowers(statuses())
        .build()));
  }

  /** Those that follow here, directly or through relays. On the loop. */
  public List<FollowerStatus> statuses() {
    return followers.statuses(loop.nowMs(), clock.instant());
  }

  void note(FollowerRecord record, Report report, Mode mode) {
    Revision cursor = new Revision(report.getCursor());
    Map<NamespaceName, Checksum> ours = Map.of();
    if (cursor.equals(source.revision()) && report.getDigestsCount() > 0) {
      ChangeSource.Position position = source.position(wholeOf(record.subscription()));
      ours = position.revision().equals(cursor) ? position.digests() : ours;
    }
    record.report(report, mode, loop.nowMs(), ours);
  }

  Head head(Subscription subscription, boolean withDigests) {
    return toProto(source.position(withDigests ? wholeOf(subscription) : Set.of()));
  }

  private Set<NamespaceName> wholeOf(Subscription subscription) {
    return subscription.wholeAmong(source.namespaces());
  }

  private Head plainHead() {
    return toProto(source.position(Set.of()));
  }

  private static Head toProto(ChangeSource.Position position) {
    return Head.newBuilder()
        .setClusterId(position.cluster().toString())
        .setRevision(position.revision().value())
        .setTerm(position.term())
        .setTimeMs(position.time().toEpochMilli())
        .addAllDigests(SyncCodec.toProto(position.digests()))
        .addAllPath(position.path())
        .setAgeMs(position.ageMs())
        .build();
  }

  static int maxChanges(int asked) {
    return asked <= 0 ? SyncLimits.DEFAULT_CHANGES : Math.min(asked, SyncLimits.MAX_CHANGES);
  }

  static long maxBytes(int asked) {
    return asked <= 0 ? SyncLimits.DEFAULT_BYTES : Math.min(asked, SyncLimits.MAX_BYTES);
  }

  private static Revision revision(long number) {
    if (number < 0) {
      throw new RejectedException(Rejection.badArgument(
          "revision: " + Long.toUnsignedString(number) + " (expected: less than 2^63)"));
    }
    return new Revision(number);
  }

  private static Selector selector(io.syncline.proto.sync.v1.Selector selector) {
    try {
      return SyncCodec.toDomain(selector);
    } catch (IllegalArgumentException e) {
      throw new RejectedException(Rejection.badArgument(String.valueOf(e.getMessage())));
    }
  }

  void remove(PushSession session) {
    sessions.remove(session);
    noteHeed();
  }

  private synchronized void noteHeed() {
    unheeded = sessions.isEmpty() && waiting.isEmpty();
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

  Frames frames() {
    return frames;
  }

  /** Ends all streams. */
  public void close(Rejection why) {
    loop.execute(() -> {
      closed = true;
      List.copyOf(sessions).forEach(session -> session.end(why));
      List.copyOf(waiting).forEach(one -> one.reply.refuse(new RejectedException(why)));
      waiting.clear();
    });
  }

  /** Whether a subscriber may follow here; for requests that are read elsewhere. */
  public void admit(Subscriber subscriber, Reply<Instant> reply) {
    loop.execute(() -> {
      try {
        followers.admit(subscriber, loop.nowMs());
        reply.answer(clock.instant());
      } catch (RuntimeException e) {
        reply.refuse(e);
      }
    });
  }
}
