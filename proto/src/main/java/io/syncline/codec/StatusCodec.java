package io.syncline.codec;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Revision;
import io.syncline.proto.api.v1.ErrorDetail;
import java.util.Optional;

/**
 * Between rejections and gRPC status: the one place where a reason gets its status code. The reason
 * itself and what belongs to it travel as an {@link ErrorDetail} in google.rpc.Status.
 */
public final class StatusCodec {
  private StatusCodec() {}

  /** The status code that stands for the reason. */
  public static Status.Code code(Reason reason) {
    return switch (reason) {
      case BAD_ARGUMENT -> Status.Code.INVALID_ARGUMENT;
      case KEY_NOT_FOUND, VERSION_NOT_FOUND, NAMESPACE_NOT_FOUND -> Status.Code.NOT_FOUND;
      case NAMESPACE_EXISTS -> Status.Code.ALREADY_EXISTS;
      case PRECONDITION_FAILED, CONFLICT -> Status.Code.ABORTED;
      case COMPACTED, FUTURE_REVISION -> Status.Code.OUT_OF_RANGE;
      case TOO_LARGE, TOO_MANY -> Status.Code.RESOURCE_EXHAUSTED;
      case NOT_LEADER, NOT_READY, OUTCOME_UNKNOWN, TOO_STALE -> Status.Code.UNAVAILABLE;
      case FAULT -> Status.Code.INTERNAL;
      case WRONG_STATE -> Status.Code.FAILED_PRECONDITION;
    };
  }

  public static StatusRuntimeException toStatus(Rejection rejection) {
    var detail = ErrorDetail.newBuilder()
        .setReasonValue(rejection.reason().number())
        .setGiven(rejection.given())
        .setLimit(rejection.limit());
    if (rejection.leaderEndpoint() != null) {
      detail.setLeaderEndpoint(rejection.leaderEndpoint());
    }
    if (rejection.current() != null) {
      detail.setCurrent(ApiCodec.toProto(rejection.current()));
    }
    if (rejection.nearest() != null) {
      detail.setNearestRevision(rejection.nearest().value());
    }
    return StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
        .setCode(code(rejection.reason()).value())
        .setMessage(rejection.message())
        .addDetails(Any.pack(detail.build()))
        .build());
  }

  /** What a server of ours said with this error; empty if the error is not of its making. */
  public static Optional<Rejection> fromStatus(Throwable error) {
    com.google.rpc.Status status = StatusProto.fromThrowable(error);
    if (status == null) {
      return Optional.empty();
    }
    for (Any any : status.getDetailsList()) {
      if (any.is(ErrorDetail.class)) {
        try {
          return Optional.of(toRejection(any.unpack(ErrorDetail.class), status.getMessage()));
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  /** A status within a message: all that a call ending with this error would tell its caller. */
  public static com.google.rpc.Status toMessage(Throwable error) {
    com.google.rpc.Status message = StatusProto.fromThrowable(error);
    return message == null
        ? StatusProto.fromStatusAndTrailers(Status.fromThrowable(error), null)
        : message;
  }

  /** What a call would end with that ended with this status. */
  public static StatusRuntimeException fromMessage(com.google.rpc.Status message) {
    return StatusProto.toStatusRuntimeException(message);
  }

  private static Rejection toRejection(ErrorDetail detail, String message) {
    Reason reason = Reason.ofNumber(detail.getReasonValue());
    boolean ofRevision = reason == Reason.COMPACTED || reason == Reason.FUTURE_REVISION;
    return new Rejection(
        reason,
        message,
        detail.hasCurrent() ? ApiCodec.toDomain(detail.getCurrent()) : null,
        ofRevision ? Revision.of(detail.getNearestRevision()) : null,
        detail.getGiven(),
        detail.getLimit(),
        detail.getLeaderEndpoint().isEmpty() ? null : detail.getLeaderEndpoint());
  }
}
