package io.syncline.ops;

/** What the command ends with: a contract that scripts rely on. */
public final class ExitCode {
  public static final int DONE = 0;

  /** Refused, or not found: nothing was done. */
  public static final int REFUSED = 1;

  /** The command line, or a setting, is wrong. */
  public static final int WRONG_USAGE = 2;

  /** No voter could answer in time, or it is unknown whether a write was carried out. */
  public static final int UNAVAILABLE = 3;

  /** {@code syncline server} only: the voter met a fault and stopped. */
  public static final int FAULT = 4;

  private ExitCode() {}
}
