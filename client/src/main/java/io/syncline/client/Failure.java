package io.syncline.client;

import io.grpc.Status;
import io.syncline.codec.StatusCodec;
import io.syncline.model.Rejection;
import org.jspecify.annotations.Nullable;

/**
 * Why one attempt failed, and what that means: the one place where errors are classified.
 *
 * @param mayBeDone whether a write may have been committed by the attempt
 */
record Failure(Kind kind, Throwable error, @Nullable Rejection rejection, boolean mayBeDone) {

  enum Kind {
    /** Refused at its place in the log, or by what is stored: every voter would say the same. */
    DECIDED,
    /** Refused by this voter as it stands, before the log. */
    REFUSED,
    /** Refused for want of room; there may be some later. */
    OVERLOADED,
    /** The next attempt may succeed. */
    PASSING,
    /** No further attempt would succeed. */
    LASTING
  }

  /**
   * @param handedOver whether the request was given to a connection, so that a voter may have seen it
   */
  static Failure of(Throwable error, boolean handedOver) {
    return StatusCodec.fromStatus(error)
        .map(rejection -> ofRejection(error, rejection))
        .orElseGet(() -> ofStatus(error, handedOver));
  }

  /** The endpoint cannot be connected to, for what it is. */
  static Failure unreachable(IllegalArgumentException error) {
    return of(
        Status.UNAVAILABLE
            .withDescription(error.getMessage())
            .withCause(error)
            .asRuntimeException(),
        false);
  }

  private static Failure ofRejection(Throwable error, Rejection rejection) {
    return switch (rejection.reason()) {
      case KEY_NOT_FOUND,
          VERSION_NOT_FOUND,
          NAMESPACE_NOT_FOUND,
          NAMESPACE_EXISTS,
          PRECONDITION_FAILED,
          CONFLICT,
          COMPACTED,
          FUTURE_REVISION -> new Failure(Kind.DECIDED, error, rejection, false);
      case BAD_ARGUMENT, TOO_LARGE, WRONG_STATE ->
        new Failure(Kind.REFUSED, error, rejection, false);
      case TOO_MANY -> new Failure(Kind.OVERLOADED, error, rejection, false);
      case NOT_LEADER, NOT_READY, TOO_STALE -> new Failure(Kind.PASSING, error, rejection, false);
      case OUTCOME_UNKNOWN, FAULT -> new Failure(Kind.PASSING, error, rejection, true);
    };
  }

  /** What comes without our detail comes from gRPC, from the network or from something between. */
  private static Failure ofStatus(Throwable error, boolean handedOver) {
    return switch (Status.fromThrowable(error).getCode()) {
      case UNIMPLEMENTED, UNAUTHENTICATED, PERMISSION_DENIED ->
        new Failure(Kind.LASTING, error, null, false);
      case OK,
          INVALID_ARGUMENT,
          NOT_FOUND,
          ALREADY_EXISTS,
          RESOURCE_EXHAUSTED,
          FAILED_PRECONDITION,
          OUT_OF_RANGE -> new Failure(Kind.LASTING, error, null, handedOver);
      case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, ABORTED, INTERNAL, UNKNOWN, DATA_LOSS ->
        new Failure(Kind.PASSING, error, null, handedOver);
    };
  }

  /** What happened, in one line. */
  String describe() {
    if (rejection != null) {
      return rejection.reason() + ": " + rejection.message();
    }
    Status status = Status.fromThrowable(error);
    var described = new StringBuilder(status.getCode().toString());
    if (status.getDescription() != null) {
      described.append(": ").append(status.getDescription());
    }
    if (status.getCause() != null) {
      described.append(": ").append(status.getCause().getMessage());
    }
    return described.toString();
  }
}
