package io.syncline.server.etcd;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.syncline.model.Rejection;
import java.util.Set;

/**
 * Refusals as clients of etcd's locks and elections know them. Those services pass on what the services
 * below them say as words without a code, but for what is worth another try.
 */
final class ContestStatus {
  static final String NOT_LEADER = "election: not leader";
  static final String NO_LEADER = "election: no leader";
  static final String SESSION_EXPIRED = "mutex: session is expired";
  static final String NO_LEADER_KEY = "\"leader\" field must be provided";

  private static final Set<String> OWN =
      Set.of(NOT_LEADER, NO_LEADER, SESSION_EXPIRED, NO_LEADER_KEY);

  private ContestStatus() {}

  static StatusRuntimeException of(Rejection rejection) {
    if (OWN.contains(rejection.message())) {
      return Status.UNKNOWN.withDescription(rejection.message()).asRuntimeException();
    }
    StatusRuntimeException known = EtcdStatus.of(rejection);
    return switch (known.getStatus().getCode()) {
      case UNAVAILABLE, RESOURCE_EXHAUSTED, INTERNAL -> known;
      default ->
        Status.UNKNOWN.withDescription(known.getStatus().getDescription()).asRuntimeException();
    };
  }
}
