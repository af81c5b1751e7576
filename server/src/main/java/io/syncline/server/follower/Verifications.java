package io.syncline.server.follower;

import io.syncline.client.sync.Following;
import io.syncline.model.NamespaceComparison;
import io.syncline.model.NamespaceName;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Subscription;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Who waits for namespaces to be compared. Used on one loop. */
public final class Verifications {
  private static final int MAX_WAITING = 100;
  private static final long MOST_MINUTES = 60;

  private final Following following;
  private final Supplier<Set<NamespaceName>> namespaces;
  private final Subscription subscription;
  private final List<Waiting> waiting = new ArrayList<>();

  private record Waiting(
      Set<NamespaceName> missing,
      List<NamespaceComparison> done,
      CompletableFuture<List<NamespaceComparison>> answer) {}

  /**
   * @param namespaces the copy has anything of
   */
  public Verifications(
      Following following, Supplier<Set<NamespaceName>> namespaces, Subscription subscription) {
    this.following = following;
    this.namespaces = namespaces;
    this.subscription = subscription;
  }

  /**
   * Has namespaces compared.
   *
   * @param asked empty: all
   * @param repair whether what differs is repaired
   * @return by namespace; or a {@link RejectedException}
   */
  public CompletableFuture<List<NamespaceComparison>> verify(
      Set<NamespaceName> asked, boolean repair) {
    waiting.removeIf(one -> one.answer.isDone());
    if (waiting.size() >= MAX_WAITING) {
      return CompletableFuture.failedFuture(new RejectedException(
          Rejection.tooMany("verifications", waiting.size() + 1L, MAX_WAITING)));
    }
    Set<NamespaceName> there = subscription.among(namespaces.get());
    for (NamespaceName name : asked) {
      if (!there.contains(name)) {
        return CompletableFuture.failedFuture(new RejectedException(Rejection.of(
            Reason.NAMESPACE_NOT_FOUND,
            "namespace \"" + name + "\": not in this follower's copy of " + subscription)));
      }
    }
    Set<NamespaceName> chosen = asked.isEmpty() ? there : asked;
    if (chosen.isEmpty()) {
      return CompletableFuture.completedFuture(List.of());
    }
    var answer = new CompletableFuture<List<NamespaceComparison>>();
    waiting.add(new Waiting(new TreeSet<>(chosen), new ArrayList<>(), answer));
    following.verify(chosen, repair);
    return answer.orTimeout(MOST_MINUTES, TimeUnit.MINUTES);
  }

  /** A namespace was compared. */
  public void onCompared(NamespaceComparison comparison) {
    for (Waiting one : List.copyOf(waiting)) {
      if (one.missing.remove(comparison.namespace())) {
        one.done.add(comparison);
      }
      if (one.missing.isEmpty()) {
        waiting.remove(one);
        one.answer.complete(List.copyOf(one.done));
      }
    }
  }

  /** Nothing is compared any more. */
  public void end(Rejection why) {
    waiting.forEach(one -> one.answer.completeExceptionally(new RejectedException(why)));
    waiting.clear();
  }
}
