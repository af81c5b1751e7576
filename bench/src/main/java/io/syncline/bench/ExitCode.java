package io.syncline.bench;

/** What scripts rely on, as for all commands of {@code syncline}. */
public final class ExitCode {
  public static final int DONE = 0;

  /** Something that was to hold does not. */
  public static final int REFUSED = 1;

  /** Nothing came through, or something needed is not there. */
  public static final int UNAVAILABLE = 3;

  private ExitCode() {}
}
