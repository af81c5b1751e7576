package io.syncline.bench.load;

/** Decides which slot starts an operation and when it was to start. Thread-safe. */
interface Schedule {
  /** Given instead of a start when there is nothing to do for the slot now. */
  long NOTHING = -1;

  /**
   * Takes the next start for this slot.
   *
   * @return nanoseconds since the run began, or {@link #NOTHING}
   */
  long claim(Slot slot);

  /** Brings the schedule up to the present and returns when it wants to be called next. */
  long advance(long elapsedNanos);

  /** Whether every start has been given out. */
  boolean exhausted();

  /** Gives out nothing more; returns how many starts were due but never given out. */
  long close();
}
