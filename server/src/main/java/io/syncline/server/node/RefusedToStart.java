package io.syncline.server.node;

/** The settings, the data folder or the other voters do not allow this voter to start. */
public final class RefusedToStart extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RefusedToStart(String message) {
    super(message);
  }

  public RefusedToStart(String message, Throwable cause) {
    super(message, cause);
  }
}
