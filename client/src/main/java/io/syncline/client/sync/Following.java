package io.syncline.client.sync;

import io.syncline.client.sync.FollowSettings.Mode;
import io.syncline.client.sync.FollowView.State;
import io.syncline.client.sync.Upstream.Answer;
import io.syncline.client.sync.Upstream.Call;
import io.syncline.codec.SyncCodec;
import io.syncline.model.ChangeBatch;
import io.syncline.model.Checksum;
import io.syncline.model.CorruptBatch;
import io.syncline.model.NamespaceName;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Revision;
import io.syncline.proto.sync.v1.BatchFrame;
import io.syncline.proto.sync.v1.FollowerStatus;
import io.syncline.proto.sync.v1.Head;
import io.syncline.proto.sync.v1.PullRequest;
import io.syncline.proto.sync.v1.PullResponse;
import io.syncline.proto.sync.v1.Report;
import io.syncline.proto.sync.v1.StreamRequest;
import io.syncline.proto.sync.v1.StreamResponse;
import io.syncline.proto.sync.v1.Subscriber;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one copy in step with what it follows, for as long as it is not closed.
 *
 * <p>It is always about one thing: waiting, pulling, streaming, taking a snapshot or comparing. What
 * fails ends the attempt; after a while, longer each time, {@link #begin} looks anew at what is to be
 * done. Batches are verified before they are applied, and what comes out is compared with the digests
 * of the centre: a copy that differs is a suspect until it is repaired.
 *
 * <p>Runs on its loop; only {@link #start}, {@link #verify} and {@link #close} may be called from
 * elsewhere.
 */
public final class Following implements AutoCloseable {
  /** Push that broke as often, with nothing gained, is given a rest. */
  private static final int PUSH_FAILURES = 2;

  private static final int MOST_SPOILED_PARTS = 3;

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Loop loop;
  private final Replica replica;
  private final List<? extends Upstream> upstreams;
  private final Self self;
  private final FollowSettings settings;
  private final Random random;
  private final FollowListener listener;
  private final Counters counters = new Counters();
  /** Known to differ. */
  private final TreeSet<NamespaceName> suspects = new TreeSet<>();

  /** To be looked at, without any suspicion. */
  private final TreeSet<NamespaceName> toVerify = new TreeSet<>();

  private State state = State.WAITING;
  private int upstream;
  /** Of what is under way; what belongs to an earlier one is ignored. */
  private int epoch;

  private @Nullable Call call;
  private Loop.@Nullable Timer timer;
  private int failures;
  private int pushFailures;
  private long pushAgainAtMs = Long.MIN_VALUE;
  private long verifyAtMs;
  private boolean snapshotNeeded;
  private boolean copyAll;
  private int spoiledParts;
  private Revision head = Revision.ZERO;
  private List<String> path = List.of();
  private long freshAtMs = Long.MIN_VALUE;
  private String lastError = "";
  private boolean closed;

  /**
   * @param upstreams what may be followed; the next one is tried when one fails
   * @param random of jitter
   */
  public Following(
      Loop loop,
      Replica replica,
      List<? extends Upstream> upstreams,
      Self self,
      FollowSettings settings,
      Random random,
      FollowListener listener) {
    if (upstreams.isEmpty()) {
      throw new IllegalArgumentException("upstreams: none (expected: at least one address)");
    }
    this.loop = loop;
    this.replica = replica;
    this.upstreams = List.copyOf(upstreams);
    this.self = self;
    this.settings = settings;
    this.random = random;
    this.listener = listener;
  }

  public void start() {
    loop.execute(() -> {
      verifyAtMs = loop.nowMs() + settings.verifyInterval().toMillis();
      begin();
    });
  }

  /** Reads the whole copy, compares it with the centre's, and repairs what differs. */
  public void verify() {
    loop.execute(() -> {
      if (!closed) {
        toVerify.addAll(self.subscription().among(replica.namespaces()));
        leave();
        begin();
      }
    });
  }

  /** To be called on the loop. */
  public FollowView view() {
    Optional<Duration> age = freshAtMs == Long.MIN_VALUE
        ? Optional.empty()
        : Optional.of(Duration.ofMillis(Math.max(0, loop.nowMs() - freshAtMs)));
    return new FollowView(
        state,
        upstream().name(),
        replica.cursor(),
        head,
        age,
        path,
        suspects,
        lastError,
        counters.view());
  }

  @Override
  public void close() {
    loop.execute(() -> {
      closed = true;
      leave();
      enter(State.CLOSED);
    });
  }

  private void begin() {
    if (closed) {
      return;
    }
    if (snapshotNeeded || replica.staged().isPresent()) {
      enter(State.COPYING);
      new Copying(this).begin();
    } else if (hasToCompare() && !replica.cursor().equals(Revision.ZERO)) {
      enter(State.COMPARING);
      new Comparing(this, (suspects.isEmpty() ? toVerify : suspects).first()).begin();
    } else if (pushes()) {
      enter(State.STREAMING);
      stream();
    } else {
      enter(State.PULLING);
      pull();
    }
  }

  private boolean hasToCompare() {
    return !suspects.isEmpty() || !toVerify.isEmpty();
  }

  private void verifyIfDue() {
    if (!settings.verifyInterval().isZero() && loop.nowMs() >= verifyAtMs) {
      verifyAtMs = loop.nowMs() + settings.verifyInterval().toMillis();
      toVerify.addAll(self.subscription().among(replica.namespaces()));
    }
  }

  private boolean pushes() {
    return settings.mode() == Mode.PUSH
        || (settings.mode() == Mode.AUTO && loop.nowMs() >= pushAgainAtMs);
  }

  private void pull() {
    var request = PullRequest.newBuilder()
        .setSubscriber(subscriber())
        .setReport(report(true))
        .setMaxChanges(settings.maxChanges())
        .setMaxBytes(settings.maxBytes())
        .setWaitMs(Math.toIntExact(settings.pullWait().toMillis()))
        .build();
    Answer<PullResponse> answer = answer(this::onPulled, this::onPullEnded);
    awaitWord(settings.pullWait().plus(PATIENCE));
    call = upstream().pull(request, answer);
  }

  private void onPulled(PullResponse response) {
    if (!hear(response.getHead())) {
      return;
    }
    if (response.getSnapshotNeeded()) {
      takeSnapshot();
    } else if (response.hasBatch()) {
      Received received = receive(response.getBatch());
      if (received == Received.APPLIED || received == Received.DUPLICATE) {
        lookFurther();
      } else {
        fail(new IllegalStateException(lastError));
      }
    } else {
      verifyIfDue();
      lookFurther();
    }
  }

  /** A unary call ends after its message; by then another attempt is under way. */
  private void onPullEnded(@Nullable Throwable error) {
    fail(error == null ? new IllegalStateException("no answer") : error);
  }

  private void lookFurther() {
    leave();
    begin();
  }

  private void stream() {
    Answer<StreamResponse> answer = answer(this::onStreamed, this::onStreamEnded);
    awaitWord(settings.silence());
    Upstream.Stream opened = upstream().stream(answer);
    call = opened;
    opened.send(StreamRequest.newBuilder()
        .setOpen(StreamRequest.Open.newBuilder()
            .setSubscriber(subscriber())
            .setReport(report(true))
            .setMaxChanges(settings.maxChanges())
            .setMaxBytes(settings.maxBytes())
            .setCredits(settings.credits()))
        .build());
  }

  private void onStreamed(StreamResponse response) {
    if (!hear(response.getHead())) {
      return;
    }
    pushFailures = 0;
    awaitWord(settings.silence());
    if (response.getSnapshotNeeded()) {
      takeSnapshot();
      return;
    }
    if (response.hasBatch()) {
      answerBatch(receive(response.getBatch()));
    } else {
      // so that the other side knows that this one is there, and how it stands
      send(acknowledgement(false, true));
    }
    verifyIfDue();
    if (hasToCompare()) {
      lookFurther();
    }
  }

  private void answerBatch(Received received) {
    StreamRequest answer = switch (received) {
      case APPLIED, DUPLICATE -> acknowledgement(false, false);
      case GAP -> acknowledgement(true, false);
      case CORRUPT -> refusal(StreamRequest.Refuse.Reason.CORRUPT);
      case FOREIGN -> refusal(StreamRequest.Refuse.Reason.FOREIGN);
      case STALE_TERM -> refusal(StreamRequest.Refuse.Reason.STALE_TERM);
      case MISMATCH -> refusal(StreamRequest.Refuse.Reason.DIGEST_MISMATCH);
    };
    send(answer);
  }

  private void send(StreamRequest message) {
    if (call instanceof Upstream.Stream stream) {
      stream.send(message);
    }
  }

  private StreamRequest acknowledgement(boolean resend, boolean withDigests) {
    return StreamRequest.newBuilder()
        .setAcknowledge(StreamRequest.Acknowledge.newBuilder()
            .setReport(report(withDigests))
            .setResend(resend))
        .build();
  }

  private StreamRequest refusal(StreamRequest.Refuse.Reason reason) {
    return StreamRequest.newBuilder()
        .setRefuse(StreamRequest.Refuse.newBuilder()
            .setReport(report(true))
            .setReason(reason)
            .setDetail(lastError))
        .build();
  }

  private void onStreamEnded(@Nullable Throwable error) {
    pushFailures++;
    if (settings.mode() == Mode.AUTO && pushFailures >= PUSH_FAILURES) {
      pushAgainAtMs = loop.nowMs() + settings.pushRetry().toMillis();
      pushFailures = 0;
    }
    fail(error == null ? new IllegalStateException("the stream ended") : error);
  }

  private enum Received {
    APPLIED,
    DUPLICATE,
    GAP,
    CORRUPT,
    FOREIGN,
    STALE_TERM,
    MISMATCH
  }

  private Received receive(BatchFrame frame) {
    ChangeBatch batch;
    try {
      batch = SyncCodec.open(frame);
    } catch (CorruptBatch e) {
      counters.corrupt++;
      lastError = String.valueOf(e.getMessage());
      return Received.CORRUPT;
    }
    counters.bytes += frame.getBatch().size();
    if (isForeign(batch.cluster())) {
      return Received.FOREIGN;
    }
    if (batch.term() < replica.term()) {
      lastError = batch + " was sent in term " + batch.term() + " (expected: " + replica.term()
          + " or later)";
      return Received.STALE_TERM;
    }
    Revision cursor = replica.cursor();
    if (!batch.to().isAfter(cursor)) {
      counters.duplicates++;
      return Received.DUPLICATE;
    }
    if (!batch.from().equals(cursor)) {
      lastError = batch + " does not continue revision " + cursor;
      return Received.GAP;
    }
    replica.apply(batch);
    counters.batches++;
    counters.changes += batch.changes().size();
    noteIfFresh();
    // compared first: what differs is not to be handed on
    boolean equal = compare(batch.digests());
    listener.onApplied(batch);
    return equal ? Received.APPLIED : Received.MISMATCH;
  }

  /** Compares digests of the centre, of the copy's own revision, with the copy's. */
  boolean compare(Map<NamespaceName, Checksum> digests) {
    boolean equal = true;
    for (var digest : digests.entrySet()) {
      if (!replica.digest(digest.getKey()).equals(digest.getValue())) {
        counters.mismatches++;
        lastError = "namespace \"" + digest.getKey() + "\" differs from the centre's at revision "
            + replica.cursor();
        suspects.add(digest.getKey());
        equal = false;
      }
    }
    if (!equal) {
      listener.onView(view());
    }
    return equal;
  }

  /**
   * Takes note of where the upstream stands.
   *
   * @return whether it may be followed; if not, the attempt has failed
   */
  private boolean hear(Head told) {
    if (isForeign(UUID.fromString(told.getClusterId()))) {
      fail(new IllegalStateException(lastError));
      return false;
    }
    if (told.getPathList().contains(self.id())) {
      fail(new IllegalStateException(upstream().name() + " follows this follower: a loop"));
      return false;
    }
    failures = 0;
    path = List.copyOf(told.getPathList());
    head = Revision.max(head, new Revision(told.getRevision()));
    Revision reached = new Revision(told.getRevision());
    if (!reached.isAfter(replica.cursor())) {
      freshAtMs = Math.max(freshAtMs, loop.nowMs() - told.getAgeMs());
      lastError = suspects.isEmpty() ? "" : lastError;
    }
    if (reached.equals(replica.cursor()) && !reached.equals(Revision.ZERO)) {
      compare(SyncCodec.digests(told.getDigestsList()));
    }
    listener.onView(view());
    return true;
  }

  private void noteIfFresh() {
    if (!head.isAfter(replica.cursor())) {
      freshAtMs = Math.max(freshAtMs, loop.nowMs());
    }
  }

  boolean isForeign(UUID cluster) {
    Optional<UUID> ours = replica.cluster();
    if (ours.isEmpty() || ours.get().equals(cluster)) {
      return false;
    }
    lastError = upstream().name()
        + " belongs to cluster "
        + cluster
        + ", this copy to cluster "
        + ours.get()
        + "; follow the right one, or empty the copy's folder";
    return true;
  }

  private void takeSnapshot() {
    snapshotNeeded = true;
    lookFurther();
  }

  void noteSoundPart() {
    spoiledParts = 0;
  }

  /** What does not come right at the revision that was begun may do so at a newer one. */
  void noteSpoiledPart() {
    if (++spoiledParts >= MOST_SPOILED_PARTS) {
      spoiledParts = 0;
      replica.dropStaged();
    }
  }

  /** A snapshot is complete. */
  void copied() {
    snapshotNeeded = false;
    counters.snapshots++;
    noteIfFresh();
    listener.onReplaced(replica.cursor());
    lookFurther();
  }

  /** What is compared does differ. */
  void suspect(NamespaceName namespace) {
    counters.mismatches++;
    suspects.add(namespace);
    listener.onView(view());
  }

  /** The copy of a namespace was compared, and repaired where it differed. */
  void compared(NamespaceName namespace, long repaired) {
    suspects.remove(namespace);
    toVerify.remove(namespace);
    counters.repairs += repaired;
    if (repaired > 0) {
      listener.onReplaced(replica.cursor());
    }
    lookFurther();
  }

  /** Takes a whole copy: on the loop, when nothing that is compared key by key comes right. */
  public void copyAnew() {
    replica.dropStaged();
    suspects.clear();
    toVerify.clear();
    snapshotNeeded = true;
    copyAll = true;
    lookFurther();
  }

  /** From where a snapshot is to begin: zero for a whole copy. */
  Revision snapshotSince() {
    return copyAll ? Revision.ZERO : replica.cursor();
  }

  void wholeCopyDone() {
    copyAll = false;
  }

  /** Catches up before it is compared: the centre no longer knows what was at the copy's revision. */
  void catchUpFirst() {
    leave();
    if (pushes()) {
      enter(State.STREAMING);
      stream();
    } else {
      enter(State.PULLING);
      pull();
    }
  }

  /** Ends the attempt; the next one comes after a while, at the next upstream. */
  void fail(Throwable error) {
    leave();
    lastError = upstream().name() + ": " + describe(error);
    counters.retries++;
    upstream = (upstream + 1) % upstreams.size();
    enter(State.WAITING);
    timer = loop.after(backoff(failures++), () -> {
      timer = null;
      begin();
    });
  }

  private static String describe(Throwable error) {
    String message = error.getMessage();
    return message == null ? error.getClass().getSimpleName() : message;
  }

  /** Half of it for sure, half by chance, so that a crowd does not come back at once. */
  private Duration backoff(int attempt) {
    long most = settings.mostBackoff().toMillis();
    long full = Math.min(most, settings.leastBackoff().toMillis() << Math.min(attempt, 20));
    return Duration.ofMillis(full / 2 + (long) (random.nextDouble() * full / 2));
  }

  private void enter(State next) {
    state = next;
    listener.onView(view());
  }

  /** Lets go of what is under way. */
  private void leave() {
    epoch++;
    Call left = call;
    call = null;
    if (left != null) {
      left.cancel();
    }
    stopTimer();
  }

  private void stopTimer() {
    Loop.Timer running = timer;
    timer = null;
    if (running != null) {
      running.cancel();
    }
  }

  void awaitWord(Duration patience) {
    stopTimer();
    timer = loop.after(patience, () -> {
      timer = null;
      var silent = new IllegalStateException("silent for " + patience.toMillis() + " ms");
      if (state == State.STREAMING) {
        leave();
        onStreamEnded(silent);
      } else {
        fail(silent);
      }
    });
  }

  void under(Call begun) {
    call = begun;
  }

  void more() {
    Call current = call;
    if (current != null) {
      current.more();
    }
  }

  /** Answers of what is begun now; those of what was begun before are ignored from here on. */
  <T> Answer<T> answer(Taking<T> message, Ending end) {
    int mine = ++epoch;
    return new Answer<>() {
      @Override
      public void message(T received) {
        if (mine == epoch && !closed) {
          message.take(received);
        }
      }

      @Override
      public void ended(@Nullable Throwable error) {
        if (mine == epoch && !closed) {
          end.end(error);
        }
      }
    };
  }

  /** Takes one thing. */
  interface Taking<T> {
    void take(T thing);
  }

  /** Takes the end of what was under way; no error: it ended well. */
  interface Ending {
    void end(@Nullable Throwable error);
  }

  Subscriber subscriber() {
    var subscriber = Subscriber.newBuilder()
        .setFollowerId(self.id())
        .setAddress(self.address())
        .setDurable(self.durable())
        .addAllSelectors(SyncCodec.toProto(self.subscription()));
    replica.cluster().ifPresent(cluster -> subscriber.setClusterId(cluster.toString()));
    self.downstream().get().stream()
        .map(FollowerStatus::getFollowerId)
        .forEach(subscriber::addDownstreamIds);
    return subscriber.build();
  }

  private Report report(boolean withDigests) {
    var report = Report.newBuilder()
        .setCursor(replica.cursor().value())
        .setMismatches(counters.mismatches)
        .setRepairs(counters.repairs)
        .setRetries(counters.retries)
        .addAllDownstream(self.downstream().get());
    for (NamespaceName namespace : withDigests ? wholeNamespaces() : Set.<NamespaceName>of()) {
      report.addAllDigests(SyncCodec.toProto(Map.of(namespace, replica.digest(namespace))));
    }
    return report.build();
  }

  private Set<NamespaceName> wholeNamespaces() {
    return self.subscription().wholeAmong(replica.namespaces());
  }

  static boolean isCompacted(@Nullable Throwable error) {
    return error instanceof RejectedException rejected
        && rejected.rejection().reason() == Reason.COMPACTED;
  }

  Upstream upstream() {
    return upstreams.get(upstream);
  }

  Replica replica() {
    return replica;
  }

  Self self() {
    return self;
  }

  FollowSettings settings() {
    return settings;
  }

  Counters counters() {
    return counters;
  }

  FollowListener listener() {
    return listener;
  }

  void noteError(String error) {
    lastError = error;
  }
}
