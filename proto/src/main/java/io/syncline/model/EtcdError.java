package io.syncline.model;

import io.syncline.model.Rejection.Reason;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Refusals that clients of etcd know by their words, with the gRPC status code that goes with them. */
public enum EtcdError {
  EMPTY_KEY(3, "key is not provided"),
  KEY_NOT_FOUND(3, "key not found", Reason.KEY_NOT_FOUND),
  VALUE_PROVIDED(3, "value is provided"),
  LEASE_PROVIDED(3, "lease is provided"),
  TOO_MANY_OPERATIONS(3, "too many operations in txn request", Reason.TOO_MANY),
  DUPLICATE_KEY(3, "duplicate key given in txn request"),
  COMPACTED(11, "mvcc: required revision has been compacted", Reason.COMPACTED),
  FUTURE_REVISION(11, "mvcc: required revision is a future revision", Reason.FUTURE_REVISION),
  LEASE_NOT_FOUND(5, "requested lease not found", Reason.KEY_NOT_FOUND),
  LEASE_EXISTS(9, "lease already exists", Reason.WRONG_STATE),
  LEASE_TTL_TOO_LARGE(11, "too large lease TTL"),
  REQUEST_TOO_LARGE(3, "request is too large", Reason.TOO_LARGE),
  TOO_MANY_REQUESTS(8, "too many requests", Reason.TOO_MANY),
  MEMBER_EXISTS(9, "member ID already exist", Reason.WRONG_STATE),
  PEER_URL_EXISTS(9, "Peer URLs already exists", Reason.WRONG_STATE),
  MEMBER_NOT_FOUND(5, "member not found", Reason.KEY_NOT_FOUND),
  MEMBER_NOT_LEARNER(9, "can only promote a learner member", Reason.WRONG_STATE),
  MEMBER_BAD_URLS(3, "given member URLs are invalid"),
  ROOT_USER_NOT_FOUND(9, "root user does not exist", Reason.WRONG_STATE),
  ROOT_ROLE_NOT_GRANTED(9, "root user does not have root role", Reason.WRONG_STATE),
  USER_EXISTS(9, "user name already exists", Reason.WRONG_STATE),
  USER_EMPTY(3, "user name is empty"),
  USER_NOT_FOUND(9, "user name not found", Reason.KEY_NOT_FOUND),
  ROLE_EXISTS(9, "role name already exists", Reason.WRONG_STATE),
  ROLE_NOT_FOUND(9, "role name not found", Reason.KEY_NOT_FOUND),
  ROLE_EMPTY(3, "role name is empty"),
  AUTHENTICATION_FAILED(3, "authentication failed, invalid user ID or password"),
  PERMISSION_DENIED(7, "permission denied", Reason.WRONG_STATE),
  ROLE_NOT_GRANTED(9, "role is not granted to the user", Reason.WRONG_STATE),
  PERMISSION_NOT_GRANTED(9, "permission is not granted to the role", Reason.WRONG_STATE),
  PERMISSION_NOT_GIVEN(3, "permission not given"),
  AUTH_NOT_ENABLED(9, "authentication is not enabled", Reason.WRONG_STATE),
  INVALID_AUTH_TOKEN(16, "invalid auth token"),
  INVALID_AUTH_MANAGEMENT(3, "invalid auth management"),
  AUTH_OLD_REVISION(3, "revision of auth store is old", Reason.WRONG_STATE),
  NO_LEADER(14, "no leader", Reason.NOT_LEADER),
  NOT_LEADER(9, "not leader", Reason.NOT_LEADER),
  LEADER_CHANGED(14, "leader changed", Reason.OUTCOME_UNKNOWN),
  STOPPED(14, "server stopped", Reason.NOT_READY),
  TIMEOUT(14, "request timed out", Reason.OUTCOME_UNKNOWN),
  BAD_LEADER_TRANSFEREE(9, "bad leader transferee", Reason.WRONG_STATE);

  private static final Map<String, EtcdError> BY_MESSAGE =
      Arrays.stream(values()).collect(Collectors.toMap(EtcdError::message, Function.identity()));

  private final int statusCode;
  private final String message;
  private final Reason reason;

  EtcdError(int statusCode, String message) {
    this(statusCode, message, Reason.BAD_ARGUMENT);
  }

  EtcdError(int statusCode, String message, Reason reason) {
    this.statusCode = statusCode;
    this.message = "etcdserver: " + message;
    this.reason = reason;
  }

  /** The number of a gRPC status code. */
  public int statusCode() {
    return statusCode;
  }

  /** As etcd words it. */
  public String message() {
    return message;
  }

  public Rejection rejection() {
    return Rejection.of(reason, message);
  }

  public RejectedException exception() {
    return new RejectedException(rejection());
  }

  /** The error that made a rejection. */
  public static Optional<EtcdError> of(Rejection rejection) {
    return Optional.ofNullable(BY_MESSAGE.get(rejection.message()));
  }
}
