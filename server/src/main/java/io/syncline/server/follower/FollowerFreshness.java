package io.syncline.server.follower;

import io.syncline.model.Consistency;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Revision;
import io.syncline.server.read.Freshness;
import io.syncline.server.read.RevisionWaits;
import io.syncline.server.store.Store;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** What a copy can promise: a revision, or an age; never that it is the newest. */
public final class FollowerFreshness implements Freshness {
  private static final CompletableFuture<Void> FRESH = CompletableFuture.completedFuture(null);

  private final RevisionWaits waits;
  private final Supplier<Optional<Duration>> age;

  /**
   * @param age how long ago the copy surely was equal to the centre; any thread
   */
  public FollowerFreshness(Store store, Supplier<Optional<Duration>> age) {
    this.waits = new RevisionWaits(store);
    this.age = age;
  }

  @Override
  public CompletableFuture<Void> await(Consistency consistency) {
    if (consistency instanceof Consistency.AtLeast atLeast) {
      return waits.await(atLeast.revision());
    }
    if (consistency instanceof Consistency.Stale stale) {
      return requireAge(stale.bound());
    }
    return rejected(Rejection.of(
        Reason.WRONG_STATE,
        "this is a follower: it cannot promise a linearizable read; ask a voter, or accept an"
            + " answer of a bounded age, of at least a revision, or of any age"));
  }

  private CompletableFuture<Void> requireAge(Duration bound) {
    if (bound.isZero()) {
      return FRESH;
    }
    Optional<Duration> now = age.get();
    if (now.isPresent() && now.get().compareTo(bound) <= 0) {
      return FRESH;
    }
    return rejected(Rejection.of(
        Reason.TOO_STALE,
        "this follower's copy was surely equal to the centre "
            + now.map(a -> a.toMillis() + " ms ago").orElse("never yet")
            + " (expected: at most "
            + bound.toMillis()
            + " ms ago); ask a voter or another follower, or accept an older answer"));
  }

  @Override
  public void onRevision(Revision reached) {
    waits.onRevision(reached);
  }

  private static CompletableFuture<Void> rejected(Rejection rejection) {
    return CompletableFuture.failedFuture(new RejectedException(rejection));
  }
}
