package io.syncline.ops;

/** The command itself refuses: a file is malformed, a thing is not there. One sentence tells why. */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RefusedException(String message) {
    super(message, null, false, false);
  }
}
