package io.syncline.ops.output;

/** Whoever read the output has stopped reading: no failure, only an end. */
public final class BrokenPipe extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BrokenPipe(Throwable cause) {
    super("the reader of the output is gone", cause, false, false);
  }
}
