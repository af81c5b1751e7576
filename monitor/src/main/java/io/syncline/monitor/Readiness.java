package io.syncline.monitor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Whether a node is ready, and if not, why: a set of conditions, each met or hindered by a stated
 * reason. Any thread.
 */
public final class Readiness {
  private final Map<String, String> hindrances = new LinkedHashMap<>();
  private final List<Consumer<Boolean>> listeners = new ArrayList<>();

  /** Says why the condition is not met. */
  public void hinder(String condition, String reason) {
    change(() -> hindrances.put(condition, reason));
  }

  public void meet(String condition) {
    change(() -> hindrances.remove(condition));
  }

  private void change(Runnable changing) {
    List<Consumer<Boolean>> told;
    boolean after;
    synchronized (this) {
      boolean before = hindrances.isEmpty();
      changing.run();
      after = hindrances.isEmpty();
      told = before == after ? List.of() : List.copyOf(listeners);
    }
    told.forEach(listener -> listener.accept(after));
  }

  public synchronized boolean ready() {
    return hindrances.isEmpty();
  }

  /** One sentence for each hindrance, oldest first. */
  public synchronized List<String> reasons() {
    return List.copyOf(hindrances.values());
  }

  /** The listener is told at once, and at each change. */
  public void listen(Consumer<Boolean> listener) {
    boolean now;
    synchronized (this) {
      listeners.add(listener);
      now = hindrances.isEmpty();
    }
    listener.accept(now);
  }
}
