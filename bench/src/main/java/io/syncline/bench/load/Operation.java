package io.syncline.bench.load;

/** What one slot of a run does again and again; never two at a time. */
@FunctionalInterface
public interface Operation {
  /**
   * Starts it once. The completion may be told before this returns; if this throws, it must not have
   * been and never will be.
   */
  void start(Completion<Object> completion);
}
