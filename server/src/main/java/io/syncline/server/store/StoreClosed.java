package io.syncline.server.store;

/** The store was closed before the call: the node is stopping. */
public final class StoreClosed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StoreClosed() {
    super("the store is closed", null, false, false);
  }
}
