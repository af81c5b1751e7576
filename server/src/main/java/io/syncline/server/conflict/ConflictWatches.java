package io.syncline.server.conflict;

import io.syncline.model.Conflict;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Those who are told of each conflict that is recorded or closed. The thread that applies tells them:
 * a watcher must only hand on.
 */
public final class ConflictWatches {
  private final List<Watcher> watchers = new CopyOnWriteArrayList<>();

  /** Is told, in the order of being recorded or closed. */
  public interface Watcher {
    void onConflict(Conflict conflict);

    /** The store was replaced by a newer one: only that knows what lies between. Not told again. */
    void onGap();
  }

  /** Tells a watcher from now on, until {@link #remove}. */
  public void add(Watcher watcher) {
    watchers.add(watcher);
  }

  public void remove(Watcher watcher) {
    watchers.remove(watcher);
  }

  public int count() {
    return watchers.size();
  }

  public void tell(List<Conflict> conflicts) {
    if (!watchers.isEmpty()) {
      conflicts.forEach(conflict -> watchers.forEach(watcher -> watcher.onConflict(conflict)));
    }
  }

  public void tellGap() {
    List<Watcher> told = List.copyOf(watchers);
    watchers.removeAll(told);
    told.forEach(Watcher::onGap);
  }
}
