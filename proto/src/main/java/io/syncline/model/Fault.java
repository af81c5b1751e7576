package io.syncline.model;

/**
 * The node's own state is broken: corruption, an IO error, a broken invariant. Whoever meets one
 * stops the node; it is never caught and served over.
 */
public final class Fault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public Fault(String message) {
    super(message);
  }

  public Fault(String message, Throwable cause) {
    super(message, cause);
  }

  /** The message of the innermost cause that has one: what an operator needs to read. */
  public static String reasonOf(Throwable error) {
    String reason = error.getClass().getSimpleName();
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause.getMessage() != null) {
        reason = cause.getMessage();
      }
    }
    return reason;
  }
}
