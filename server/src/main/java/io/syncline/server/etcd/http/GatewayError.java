package io.syncline.server.etcd.http;

import io.grpc.Status;
import io.netty.handler.codec.http.HttpResponseStatus;

/** A failed call as HTTP tells of it. */
final class GatewayError {
  private GatewayError() {}

  /** Instead of any answer. */
  static HttpReply.Whole whole(Status.Code code, String message) {
    String text = GatewayJson.quoted(message);
    return HttpReply.Whole.json(
        httpStatus(code),
        "{\"error\":" + text + ",\"message\":" + text + ",\"code\":" + code.value() + "}");
  }

  /** As a line of a stream. */
  static String line(Status status) {
    HttpResponseStatus http = httpStatus(status.getCode());
    return "{\"error\":{\"grpc_code\":" + status.getCode().value()
        + ",\"http_code\":" + http.code()
        + ",\"message\":" + GatewayJson.quoted(message(status))
        + ",\"http_status\":" + GatewayJson.quoted(http.reasonPhrase()) + "}}\n";
  }

  /** Empty if the service gave none. */
  static String message(Status status) {
    if (status.getCode() == Status.Code.DEADLINE_EXCEEDED) {
      return "context deadline exceeded";
    }
    String description = status.getDescription();
    return description == null ? "" : description;
  }

  static HttpResponseStatus httpStatus(Status.Code code) {
    return switch (code) {
      case OK -> HttpResponseStatus.OK;
      case CANCELLED -> HttpResponseStatus.REQUEST_TIMEOUT;
      case INVALID_ARGUMENT, OUT_OF_RANGE -> HttpResponseStatus.BAD_REQUEST;
      case DEADLINE_EXCEEDED -> HttpResponseStatus.GATEWAY_TIMEOUT;
      case NOT_FOUND -> HttpResponseStatus.NOT_FOUND;
      case ALREADY_EXISTS, ABORTED -> HttpResponseStatus.CONFLICT;
      case PERMISSION_DENIED -> HttpResponseStatus.FORBIDDEN;
      case UNAUTHENTICATED -> HttpResponseStatus.UNAUTHORIZED;
      case RESOURCE_EXHAUSTED -> HttpResponseStatus.TOO_MANY_REQUESTS;
      case FAILED_PRECONDITION -> HttpResponseStatus.PRECONDITION_FAILED;
      case UNIMPLEMENTED -> HttpResponseStatus.NOT_IMPLEMENTED;
      case UNAVAILABLE -> HttpResponseStatus.SERVICE_UNAVAILABLE;
      case UNKNOWN, INTERNAL, DATA_LOSS -> HttpResponseStatus.INTERNAL_SERVER_ERROR;
    };
  }
}
