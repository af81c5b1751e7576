package io.syncline.server.etcd;

import com.google.protobuf.ByteString;
import io.syncline.model.Command.Content;
import io.syncline.model.ConfigVersion;
import io.syncline.model.EtcdError;
import io.syncline.model.Fault;
import io.syncline.model.Key;
import io.syncline.model.KeyRange;
import io.syncline.model.Outcome;
import io.syncline.model.RangeQuery;
import io.syncline.model.RangeResult;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Revision;
import io.syncline.model.Txn;
import io.syncline.model.Txn.Compare;
import io.syncline.model.Txn.Operation;
import io.syncline.model.Txn.Relation;
import io.syncline.model.Txn.Target;
import io.syncline.model.TxnResult;
import io.syncline.model.TxnResult.Step;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Contests for a name, by the recipe that etcd and its clients share, so that both kinds may contend with
 * each other: everybody puts a key of his own under {@code name/}, called by his lease in hexadecimal; the
 * oldest of them wins; and each waits for the one before him to go. A key goes with its lease. Any thread.
 */
final class Contest implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Contest.class);
  private static final int MAX_WAITING = 10_000;
  /** Of a lease for those who bring none, as in etcd. */
  private static final Duration DEFAULT_TTL = Duration.ofSeconds(60);

  private static final ByteString SLASH = ByteString.copyFromUtf8("/");

  private final Keyspace keyspace;
  private final Access access;
  private final Lessor lessor;
  private final RandomGenerator random;
  private final KeyChanges changes;
  private final Set<Turn> waiting = ConcurrentHashMap.newKeySet();

  /** All turns are looked after by one thread, so that nothing of them is shared. */
  private final ExecutorService looks =
      Executors.newSingleThreadExecutor(r -> new Thread(r, "syncline-contests"));

  /**
   * @param random chooses ids of leases; used by any thread
   */
  Contest(Keyspace keyspace, Access access, Lessor lessor, RandomGenerator random) {
    this.keyspace = keyspace;
    this.access = access;
    this.lessor = lessor;
    this.random = random;
    this.changes = new KeyChanges(keyspace);
  }

  /**
   * A contender's place in the queue.
   *
   * @param born when he took it; who was born before him goes before him
   * @param joined the revision at which he asked for it
   * @param taken whether he took it just then; he may have had it already
   * @param value that stands there
   */
  record Place(
      Caller caller,
      ByteString name,
      Key key,
      long lease,
      Revision born,
      Revision joined,
      boolean taken,
      ByteString value) {}

  static KeyRange contenders(ByteString name) {
    return KeyRange.prefix(name.concat(SLASH));
  }

  /** The lease itself, or a new one if it is 0. */
  CompletableFuture<Long> session(Caller caller, long lease) {
    if (lease != 0) {
      return CompletableFuture.completedFuture(lease);
    }
    long id = random.nextLong(1, Long.MAX_VALUE);
    return keyspace
        .found()
        .thenCompose(there -> access.permitted(
            caller,
            () -> access.requireKnown(caller),
            known -> lessor.grant(known, id, DEFAULT_TTL)))
        .thenApply(granted -> id);
  }

  /** Queues up, or finds the place that the lease has already. */
  CompletableFuture<Place> join(Caller caller, ByteString name, long lease, ByteString value) {
    Key key = key(name.concat(SLASH).concat(ByteString.copyFromUtf8(Long.toString(lease, 16))));
    KeyRange own = KeyRange.single(key);
    var txn = new Txn(
        List.of(isBornAt(key, Revision.ZERO)),
        List.of(new Operation.Put(key, Content.of(value, ""), lease, false, false)),
        List.of(new Operation.Get(RangeQuery.of(own))));
    access.requireRead(caller, contenders(name));
    return transact(caller, txn).thenApply(result -> {
      if (result.succeeded()) {
        Revision born = result.revision();
        return new Place(caller, name, key, lease, born, born, true, value);
      }
      ConfigVersion known =
          ((Step.Got) result.steps().get(0)).result().versions().get(0);
      return new Place(
          caller,
          name,
          key,
          lease,
          known.bornRevision(),
          result.revision(),
          false,
          known.content());
    });
  }

  static Key key(ByteString bytes) {
    if (bytes.isEmpty()) {
      throw EtcdError.EMPTY_KEY.exception();
    }
    if (bytes.size() > Key.MAX_SIZE_BYTES) {
      throw new RejectedException(Rejection.tooLarge("key", bytes.size(), Key.MAX_SIZE_BYTES));
    }
    return new Key(bytes);
  }

  static Compare isBornAt(Key key, Revision born) {
    return new Compare(
        KeyRange.single(key), Target.CREATE, Relation.EQUAL, born.value(), ByteString.EMPTY);
  }

  CompletableFuture<TxnResult> transact(Caller caller, Txn txn) {
    return access
        .permitted(
            caller, () -> access.require(caller, txn), known -> keyspace.transact(known, txn))
        .thenApply(Contest::resultOf);
  }

  private static TxnResult resultOf(Outcome.Committed committed) {
    TxnResult result = committed.result();
    if (result == null) {
      throw new IllegalStateException("a transaction was carried out, and has no result");
    }
    return result;
  }

  /**
   * Waits until everybody before him has gone.
   *
   * @param abandoned completes when nobody waits any more: the place is given up then
   * @return the revision at which it was his turn
   */
  CompletableFuture<Revision> awaitTurn(Place place, CompletableFuture<Void> abandoned) {
    var turn = new Turn(place);
    if (waiting.size() >= MAX_WAITING) {
      turn.giveUp();
      return CompletableFuture.failedFuture(EtcdError.TOO_MANY_REQUESTS.exception());
    }
    waiting.add(turn);
    var unused = turn.come.whenComplete((revision, error) -> waiting.remove(turn));
    turn.lookSoon();
    var unusedToo = abandoned.thenRun(() -> soon(turn, turn::abandon));
    return turn.come;
  }

  private void soon(Turn turn, Runnable look) {
    try {
      looks.execute(look);
    } catch (RejectedExecutionException e) {
      turn.come.completeExceptionally(EtcdError.STOPPED.exception());
    }
  }

  /** Goes, if he is still there. */
  CompletableFuture<TxnResult> leave(Caller caller, Key key, Revision born) {
    var gone = new Operation.Delete(KeyRange.single(key), false);
    return transact(caller, new Txn(List.of(isBornAt(key, born)), List.of(gone), List.of()));
  }

  /** Who has won so far; empty: nobody contends. */
  RangeResult winner(ByteString name) {
    return range(byBirth(contenders(name), RangeQuery.Order.ASCEND, 0));
  }

  private RangeResult range(RangeQuery query) {
    return keyspace.serving().reads().range(keyspace.name(), query);
  }

  /**
   * One, by when it was born.
   *
   * @param bornAtMost 0: whenever; else only its key is told
   */
  private static RangeQuery byBirth(KeyRange keys, RangeQuery.Order order, long bornAtMost) {
    return new RangeQuery(
        keys,
        1,
        Revision.ZERO,
        order,
        RangeQuery.Target.CREATE,
        bornAtMost != 0,
        false,
        0,
        0,
        0,
        bornAtMost);
  }

  /** How many calls wait for their turn. */
  int waiting() {
    return waiting.size();
  }

  /** Who waits is told to ask another voter; his place is kept for him. */
  @Override
  public void close() {
    looks.shutdownNow();
    waiting.forEach(turn -> turn.come.completeExceptionally(EtcdError.STOPPED.exception()));
  }

  /** One contender who waits. */
  private final class Turn {
    private final Place place;
    private final CompletableFuture<Revision> come = new CompletableFuture<>();
    private final AtomicBoolean lookDue = new AtomicBoolean();
    private final Runnable onChange = this::lookSoon;
    private @Nullable Key ahead;

    Turn(Place place) {
      this.place = place;
    }

    private void lookSoon() {
      if (!come.isDone() && lookDue.compareAndSet(false, true)) {
        soon(this, this::lookSafely);
      }
    }

    private void lookSafely() {
      lookDue.set(false);
      try {
        look();
      } catch (RuntimeException | Error e) {
        come.completeExceptionally(e);
      }
      if (come.isDone()) {
        stopListening();
      }
    }

    private void look() {
      changes.resume();
      changes.listen(place.key, onChange);
      while (!come.isDone()) {
        requireOwn();
        RangeResult found = before();
        if (found.versions().isEmpty()) {
          come.complete(found.revision());
          return;
        }
        Key next = found.versions().get(0).key();
        if (next.equals(ahead)) {
          // it was there after we began to listen: we shall be told when it goes
          return;
        }
        listenTo(next);
      }
    }

    private void requireOwn() {
      List<ConfigVersion> own = range(RangeQuery.of(KeyRange.single(place.key))).versions();
      if (own.isEmpty() || !own.get(0).bornRevision().equals(place.born)) {
        throw new RejectedException(
            Rejection.of(Reason.WRONG_STATE, ContestStatus.SESSION_EXPIRED));
      }
    }

    private RangeResult before() {
      long bornAtMost = place.born.value() - 1;
      return range(byBirth(contenders(place.name), RangeQuery.Order.DESCEND, bornAtMost));
    }

    private void listenTo(Key next) {
      changes.listen(next, onChange);
      Key before = ahead;
      ahead = next;
      if (before != null) {
        changes.leave(before, onChange);
      }
    }

    private void stopListening() {
      Key before = ahead;
      ahead = null;
      if (before != null) {
        changes.leave(before, onChange);
      }
      changes.leave(place.key, onChange);
    }

    /** Nobody waits for it any more: whoever comes after him must not either. */
    void abandon() {
      boolean waited = come.completeExceptionally(
          new RejectedException(Rejection.of(Reason.WRONG_STATE, "the caller has gone")));
      if (waited || place.taken) {
        giveUp();
      }
      stopListening();
    }

    void giveUp() {
      try {
        var unused = leave(place.caller, place.key, place.born).exceptionally(error -> {
          LOG.debug("a place is left to end with its lease: reason={}", Fault.reasonOf(error));
          return new TxnResult(false, Revision.ZERO, List.of());
        });
      } catch (RejectedException e) {
        LOG.debug("a place is left to end with its lease: reason={}", e.getMessage());
      }
    }
  }
}
