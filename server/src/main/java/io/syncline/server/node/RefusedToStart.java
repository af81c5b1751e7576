package io.syncline.server.node;

import io.syncline.model.Endpoint;
import io.syncline.model.Fault;
import java.io.IOException;

/** The settings, the data folder or the other voters do not allow this node to start. */
public final class RefusedToStart extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RefusedToStart(String message) {
    super(message);
  }

  public RefusedToStart(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * @param setting names what was to be listened on
   */
  static RefusedToStart cannotListen(String setting, Endpoint on, IOException cause) {
    return new RefusedToStart(
        setting
            + ": cannot listen on "
            + on
            + ": "
            + Fault.reasonOf(cause)
            + "; stop what uses it, or set another address",
        cause);
  }
}
