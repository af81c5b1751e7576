package io.syncline.client;

/** Makes the client's exceptions, whose constructors are its own, for tests of what becomes of them. */
public final class Exceptions {
  private Exceptions() {}

  public static RuntimeException unavailable(String message) {
    return new UnavailableException(message, null);
  }

  public static RuntimeException unknownOutcome(String message) {
    return new UnknownOutcomeException(message, null);
  }
}
