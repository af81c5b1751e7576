package io.syncline.server.conflict;

import io.syncline.model.Conflict;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Those who are told of each conflict that is recorded or closed. The thread that applies tells them:
 * a watcher must only hand on.
 */
public final class ConflictWatches {
  private final List<Consumer<Conflict>> watchers = new CopyOnWriteArrayList<>();

  /** Tells a watcher from now on, until {@link #remove}. */
  public void add(Consumer<Conflict> watcher) {
    watchers.add(watcher);
  }

  public void remove(Consumer<Conflict> watcher) {
    watchers.remove(watcher);
  }

  public int count() {
    return watchers.size();
  }

  /** In the order of being recorded or closed. */
  public void tell(List<Conflict> conflicts) {
    if (!watchers.isEmpty()) {
      conflicts.forEach(conflict -> watchers.forEach(watcher -> watcher.accept(conflict)));
    }
  }
}
