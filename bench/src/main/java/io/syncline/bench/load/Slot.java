package io.syncline.bench.load;

import java.util.concurrent.atomic.AtomicInteger;

/** One operation at a time: claims a start, does the operation, records it, claims the next. */
final class Slot implements Completion<Object> {
  private final Run run;
  private final Operation operation;

  /** Steps asked for and not yet taken; whoever raises it from zero takes them all. */
  private final AtomicInteger steps = new AtomicInteger();

  private long startNanos = Schedule.NOTHING;
  private long lastCountedEndNanos;

  Slot(Run run, Operation operation) {
    this.run = run;
    this.operation = operation;
  }

  /** Asks for work again, after there was none. */
  void resume() {
    run.slotStarted();
    step();
  }

  @Override
  public void succeeded(Object result) {
    long now = run.elapsedNanos();
    if (run.counts(now)) {
      run.latencies().record(now - startNanos);
      lastCountedEndNanos = now;
    }
    step();
  }

  @Override
  public void failed(Throwable cause) {
    long now = run.elapsedNanos();
    if (run.counts(now)) {
      run.errors().count(cause);
      lastCountedEndNanos = now;
    }
    step();
  }

  /** When the last operation that counts ended; to be read when the slot has stopped. */
  long lastCountedEndNanos() {
    return lastCountedEndNanos;
  }

  /** A loop instead of recursion: an operation may complete before its start returns. */
  private void step() {
    if (steps.getAndIncrement() != 0) {
      return;
    }
    do {
      startNanos = run.schedule().claim(this);
      if (startNanos == Schedule.NOTHING) {
        run.slotStopped();
      } else {
        startOperation();
      }
    } while (steps.decrementAndGet() != 0);
  }

  private void startOperation() {
    try {
      operation.start(this);
    } catch (RuntimeException e) {
      failed(e);
    }
  }
}
