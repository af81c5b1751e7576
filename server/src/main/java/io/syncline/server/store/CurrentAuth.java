package io.syncline.server.store;

import io.syncline.model.AuthState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Users and roles as they are now, and who waits for newer ones. Any thread. */
final class CurrentAuth {
  /** Beyond it nobody waits: who is not known is not known then. */
  private static final int MAX_WAITING = 1_000;

  private static final long MAX_WAIT_MS = 2_000;

  private volatile AuthState state = AuthState.INITIAL;
  private final List<Wait> waiting = new ArrayList<>();

  private record Wait(long revision, CompletableFuture<Void> over) {}

  AuthState get() {
    return state;
  }

  void set(AuthState newest) {
    state = newest;
    reached(newest.revision()).forEach(wait -> wait.over.complete(null));
  }

  private synchronized List<Wait> reached(long revision) {
    return waiting.stream().filter(wait -> wait.revision <= revision).toList();
  }

  /** Completes when users and roles are of the revision at least, or it has taken too long. */
  CompletableFuture<Void> await(long revision) {
    var wait = new Wait(revision, new CompletableFuture<>());
    if (!add(wait) || state.revision() >= revision) {
      wait.over.complete(null);
    }
    var unused = wait.over.whenComplete((done, error) -> removeThoseThatAreOver());
    return wait.over.completeOnTimeout(null, MAX_WAIT_MS, TimeUnit.MILLISECONDS);
  }

  private synchronized boolean add(Wait wait) {
    return waiting.size() < MAX_WAITING && waiting.add(wait);
  }

  private synchronized void removeThoseThatAreOver() {
    waiting.removeIf(wait -> wait.over.isDone());
  }
}
