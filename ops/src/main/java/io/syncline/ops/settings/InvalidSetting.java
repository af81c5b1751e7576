package io.syncline.ops.settings;

/** A setting is unknown, or its value not accepted. The message is one sentence. */
public final class InvalidSetting extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InvalidSetting(String message) {
    super(message, null, false, false);
  }
}
