package io.syncline.client;

import io.syncline.model.Actor;
import io.syncline.model.Endpoint;
import java.time.Duration;
import java.util.List;

/**
 * What a client was built with.
 *
 * @param actor the name stated to the voters
 * @param deadline of a whole call, with all its attempts
 * @param maxMessageBytes the largest message sent or received
 * @param maxOutstandingCalls calls begun and not yet completed
 */
record ClientSettings(
    List<Endpoint> endpoints,
    Actor actor,
    Duration deadline,
    int maxMessageBytes,
    int maxOutstandingCalls) {

  /** How many times a voter that does not answer leaves time to ask another. */
  private static final int UNANSWERED_ATTEMPTS = 3;

  ClientSettings {
    endpoints = List.copyOf(endpoints);
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("endpoints: none (expected: at least one host:port)");
    }
    requirePositive("deadline", deadline.toMillis(), "ms");
    requirePositive("max message size", maxMessageBytes, "bytes");
    requirePositive("max outstanding calls", maxOutstandingCalls, "calls");
  }

  Duration attemptDeadline() {
    return deadline.dividedBy(UNANSWERED_ATTEMPTS);
  }

  private static void requirePositive(String what, long value, String unit) {
    if (value <= 0) {
      throw new IllegalArgumentException(what + ": " + value + " " + unit + " (expected: >= 1)");
    }
  }
}
