package io.syncline.client.sync;

import io.syncline.client.sync.FollowView.State;
import io.syncline.model.NamespaceComparison;
import io.syncline.model.NamespaceName;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Revision;
import io.syncline.proto.sync.v1.Head;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one copy in step with what it follows, for as long as it is not closed.
 *
 * <p>It is always about one thing: waiting, {@link Pulling}, {@link Streaming}, {@link Copying} a
 * snapshot or {@link Comparing}. What fails ends the attempt; after a while, longer each time, {@link
 * #begin} looks anew at what is to be done. {@link Intake} verifies batches before they are applied, and
 * compares what comes out with the digests of the centre: a copy that differs is a suspect until it is
 * repaired.
 *
 * <p>Runs on its loop; only {@link #start}, {@link #verify} and {@link #close} may be called from
 * elsewhere.
 */
public final class Following implements AutoCloseable {
  private static final int MOST_SPOILED_REPAIRS = 3;

  private final Loop loop;
  private final Replica replica;
  private final List<? extends Upstream> upstreams;
  private final Self self;
  private final FollowSettings settings;
  private final FollowListener listener;
  private final Suspects suspects = new Suspects();
  private final Standing standing;
  private final Intake intake;
  private final Messages messages;
  private final Attempt attempt;
  private final Pulling pulling = new Pulling(this);
  private final Streaming streaming = new Streaming(this);
  private final Copying copying = new Copying(this);

  private int upstream;
  private int spoiledRepairs;
  private long verifyAtMs;
  /** What was at an earlier revision, the centre may not know any more; at zero nothing is there. */
  private Revision comparableFrom = Revision.ZERO.next();

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
    this.listener = listener;
    this.standing = new Standing(loop, replica, suspects, () -> upstream().name(), listener);
    this.intake = new Intake(replica, self, suspects, standing, listener);
    this.messages = new Messages(loop, self, replica, settings, standing.counters());
    this.attempt = new Attempt(loop, settings, random);
  }

  public void start() {
    loop.execute(() -> {
      verifyAtMs = loop.nowMs() + settings.verifyInterval().toMillis();
      begin();
    });
  }

  /** Reads the whole copy, compares it with the centre's, and repairs what differs. */
  public void verify() {
    loop.execute(() -> verify(replica.namespaces(), true));
  }

  /**
   * Reads what the copy has of some namespaces and compares it with the centre's; the listener is told
   * of each. On the loop.
   *
   * @param repair whether what differs is repaired, or left as it is
   */
  public void verify(Set<NamespaceName> namespaces, boolean repair) {
    if (!closed) {
      Set<NamespaceName> among = self.subscription().among(namespaces);
      if (repair) {
        suspects.verify(among);
      } else {
        suspects.lookAt(among);
      }
      lookFurther();
    }
  }

  /** To be called on the loop. */
  public FollowView view() {
    return standing.view();
  }

  @Override
  public void close() {
    loop.execute(() -> {
      closed = true;
      attempt.leave();
      standing.enter(State.CLOSED);
    });
  }

  private void begin() {
    if (closed) {
      return;
    }
    if (copying.isDue()) {
      standing.enter(State.COPYING);
      copying.begin();
    } else if (hasToCompare()) {
      standing.enter(State.COMPARING);
      NamespaceName next = suspects.first();
      new Comparing(this, next, suspects.isToBeRepaired(next)).begin();
    } else if (streaming.isDue()) {
      standing.enter(State.STREAMING);
      streaming.begin();
    } else {
      standing.enter(State.PULLING);
      pulling.begin();
    }
  }

  private boolean hasToCompare() {
    return !suspects.isEmpty() && !replica.cursor().isBefore(comparableFrom);
  }

  /** What was under way is done: on to what is to be done next. */
  void lookFurther() {
    attempt.leave();
    begin();
  }

  /** Ends the attempt; the next one comes after a while, at the next upstream. */
  void fail(Throwable error) {
    attempt.leave();
    standing.noteError(upstream().name() + ": " + describe(error));
    standing.counters().retries++;
    upstream = (upstream + 1) % upstreams.size();
    standing.enter(State.WAITING);
    attempt.retryLater(this::begin);
  }

  private static String describe(Throwable error) {
    String message = error.getMessage();
    return message == null ? error.getClass().getSimpleName() : message;
  }

  /**
   * Takes note of where the upstream stands.
   *
   * @return whether it may be followed; if not, the attempt has failed
   */
  boolean hear(Head told) {
    Optional<String> refusal = intake.refusal(told);
    if (refusal.isPresent()) {
      fail(new IllegalStateException(refusal.get()));
      return false;
    }
    attempt.noteSuccess();
    intake.hear(told);
    return true;
  }

  /** The history since the cursor is gone, or longer than the net difference. */
  void takeSnapshot() {
    copying.need();
    lookFurther();
  }

  /** Takes a whole copy: on the loop, when nothing that is compared key by key comes right. */
  public void copyAnew() {
    suspects.clear();
    copying.needEverything();
    lookFurther();
  }

  void verifyIfDue() {
    if (!settings.verifyInterval().isZero() && loop.nowMs() >= verifyAtMs) {
      verifyAtMs = loop.nowMs() + settings.verifyInterval().toMillis();
      verifyAll();
    }
  }

  private void verifyAll() {
    suspects.verify(self.subscription().among(replica.namespaces()));
  }

  void compareIfAny() {
    if (hasToCompare()) {
      lookFurther();
    }
  }

  /** What is compared does differ. */
  void suspect(NamespaceName namespace) {
    standing.counters().mismatches++;
    suspects.suspect(namespace);
    standing.tell();
  }

  /** The copy of a namespace was compared, and repaired where it differed unless it was only looked at. */
  void compared(NamespaceComparison comparison, boolean repair) {
    if (repair) {
      suspects.acquit(comparison.namespace());
    } else {
      suspects.lookedAt(comparison.namespace());
    }
    standing.counters().repairs += comparison.repaired();
    if (comparison.repaired() > 0) {
      listener.onReplaced(replica.cursor());
    }
    listener.onCompared(comparison);
    lookFurther();
  }

  /**
   * What was sent to repair with is damaged itself: on the way, or where it comes from. If that goes on,
   * it may come right at a newer revision.
   */
  void repairSpoiled(Exception why) {
    spoiledRepairs++;
    if (spoiledRepairs >= MOST_SPOILED_REPAIRS) {
      spoiledRepairs = 0;
      standing.noteError(String.valueOf(why.getMessage()));
      catchUpFirst();
    } else {
      fail(why);
    }
  }

  /** Catches up before it is compared: the centre no longer knows what was at the copy's revision. */
  void catchUpFirst() {
    comparableFrom = Revision.max(standing.head(), replica.cursor().next());
    lookFurther();
  }

  static boolean isRefused(@Nullable Throwable error, Reason reason) {
    return error instanceof RejectedException rejected && rejected.rejection().reason() == reason;
  }

  /** Runs something on the loop, unless this is closed by then. */
  void after(Duration delay, Runnable task) {
    var unused = loop.after(delay, () -> {
      if (!closed) {
        task.run();
      }
    });
  }

  long nowMs() {
    return loop.nowMs();
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

  Standing standing() {
    return standing;
  }

  Intake intake() {
    return intake;
  }

  Messages messages() {
    return messages;
  }

  Attempt attempt() {
    return attempt;
  }

  FollowListener listener() {
    return listener;
  }
}
