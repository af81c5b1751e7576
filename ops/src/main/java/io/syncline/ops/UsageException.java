package io.syncline.ops;

/** The command line, or a setting, is wrong. The message tells what was given and what is expected. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UsageException(String message) {
    super(message, null, false, false);
  }
}
