package io.syncline.server.etcd;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.syncline.model.EtcdError;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Refusals as clients of etcd know them. */
final class EtcdStatus {
  private EtcdStatus() {}

  static StatusRuntimeException of(EtcdError error) {
    return of(error.rejection());
  }

  static StatusRuntimeException of(Rejection rejection) {
    return statusOf(rejection).asRuntimeException();
  }

  /** Whether the same may well be carried out a moment later, by this voter or another one. */
  static boolean passes(StatusRuntimeException refusal) {
    return switch (refusal.getStatus().getCode()) {
      case UNAVAILABLE, CANCELLED, DEADLINE_EXCEEDED -> true;
      default -> false;
    };
  }

  private static Status statusOf(Rejection rejection) {
    Optional<EtcdError> known =
        EtcdError.of(rejection).or(() -> Optional.ofNullable(counterpart(rejection.reason())));
    if (known.isPresent()) {
      return Status.fromCodeValue(known.get().statusCode())
          .withDescription(known.get().message());
    }
    return codeOf(rejection.reason())
        .toStatus()
        .withDescription("etcdserver: " + rejection.message());
  }

  /** What etcd says where it refuses for the same reason; null: it never does. */
  private static @Nullable EtcdError counterpart(Reason reason) {
    return switch (reason) {
      case COMPACTED -> EtcdError.COMPACTED;
      case FUTURE_REVISION -> EtcdError.FUTURE_REVISION;
      case TOO_LARGE -> EtcdError.REQUEST_TOO_LARGE;
      case NOT_LEADER -> EtcdError.LEADER_CHANGED;
      case OUTCOME_UNKNOWN -> EtcdError.TIMEOUT;
      default -> null;
    };
  }

  private static Status.Code codeOf(Reason reason) {
    return switch (reason) {
      case BAD_ARGUMENT -> Status.Code.INVALID_ARGUMENT;
      case TOO_MANY -> Status.Code.RESOURCE_EXHAUSTED;
      case FAULT -> Status.Code.INTERNAL;
      case NOT_READY, NAMESPACE_NOT_FOUND, TOO_STALE -> Status.Code.UNAVAILABLE;
      default -> Status.Code.FAILED_PRECONDITION;
    };
  }
}
