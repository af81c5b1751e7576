package io.syncline.server.etcd;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import io.syncline.model.AuthState;
import io.syncline.model.AuthUser;
import io.syncline.model.EtcdError;
import io.syncline.model.RejectedException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Says who is calling, by the token. Stands behind {@link ToLeader}: a voter that lags might not know the
 * user yet.
 */
final class CallerInterceptor implements ServerInterceptor {
  private static final Metadata.Key<String> TOKEN =
      Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);
  /** Where clients of HTTP have it. */
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  /**
   * Answered whoever asks, as etcd does; or, as a watch, in words of their own about each of their
   * requests.
   */
  private static final Set<String> OPEN_TO_ALL = Set.of(
      "etcdserverpb.Auth/Authenticate",
      "etcdserverpb.Cluster/MemberList",
      "etcdserverpb.Maintenance/Status",
      "etcdserverpb.Lease/LeaseKeepAlive",
      "etcdserverpb.Watch/Watch");

  private final Supplier<AuthState> auth;
  private final Tokens tokens;

  /**
   * @param auth gives the newest users and roles, or refuses while there are none yet
   */
  CallerInterceptor(Supplier<AuthState> auth, Tokens tokens) {
    this.auth = auth;
    this.tokens = tokens;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    boolean open = OPEN_TO_ALL.contains(call.getMethodDescriptor().getFullMethodName());
    Caller caller;
    try {
      caller = identify(headers, open);
    } catch (RejectedException e) {
      StatusRuntimeException refusal = EtcdStatus.of(e.rejection());
      Metadata trailers = refusal.getTrailers();
      call.close(refusal.getStatus(), trailers == null ? new Metadata() : trailers);
      return new ServerCall.Listener<>() {};
    }
    return Contexts.interceptCall(caller.in(Context.current()), call, headers, next);
  }

  private Caller identify(Metadata headers, boolean open) {
    AuthState state;
    try {
      state = auth.get();
    } catch (RejectedException e) {
      if (open) {
        return Caller.UNPROVEN;
      }
      throw e;
    }
    if (!state.enabled()) {
      return new Caller("", state.revision());
    }
    String token = tokenIn(headers);
    Optional<AuthUser> user = token == null ? Optional.empty() : tokens.userOf(token, state);
    if (user.isPresent()) {
      return new Caller(user.get().name(), state.revision());
    }
    if (open) {
      return token == null ? new Caller("", state.revision()) : Caller.UNPROVEN;
    }
    throw (token == null ? EtcdError.USER_EMPTY : EtcdError.INVALID_AUTH_TOKEN).exception();
  }

  private static @Nullable String tokenIn(Metadata headers) {
    String token = headers.get(TOKEN);
    return token == null ? headers.get(AUTHORIZATION) : token;
  }
}
