package io.syncline.ops;

/** Adds to a failure what the command was doing; the failure still decides the exit code. */
public final class FailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param context what was being done, before the failure's own words
   * @param advice what to do, after them
   */
  public FailedException(String context, Throwable failure, String advice) {
    super(context + ": " + Failure.of(failure).message() + "; " + advice, failure, false, false);
  }
}
