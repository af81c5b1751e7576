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
import io.syncline.server.rpc.Answers;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Says who is calling, by the token. A token may be younger than what this voter knows of users and
 * roles: it waits a little then. Stands behind {@link ToLeader}.
 */
final class CallerInterceptor implements ServerInterceptor {
  private static final Metadata.Key<String> TOKEN =
      Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);
  /** Where clients of HTTP have it. */
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  /** Answered whoever asks, as etcd does: also where nobody knows who leads. */
  private static final Set<String> OPEN_TO_ALL = Set.of(
      "etcdserverpb.Auth/Authenticate",
      "etcdserverpb.Cluster/MemberList",
      "etcdserverpb.Maintenance/Status");

  /** Streams, which answer each of their requests in words of their own. */
  private static final Set<String> JUDGED_BY_REQUEST =
      Set.of("etcdserverpb.Lease/LeaseKeepAlive", "etcdserverpb.Watch/Watch");

  private final Supplier<AuthState> auth;
  private final LongFunction<CompletableFuture<Void>> newer;
  private final Tokens tokens;
  private final Executor workers;
  private final Answers answers;

  /**
   * @param auth gives the newest users and roles, or refuses while there are none yet
   * @param newer completes when they are of a revision at least, or never will be
   * @param workers go on with those who had to wait
   * @param answers words refusals
   */
  CallerInterceptor(
      Supplier<AuthState> auth,
      LongFunction<CompletableFuture<Void>> newer,
      Tokens tokens,
      Executor workers,
      Answers answers) {
    this.auth = auth;
    this.newer = newer;
    this.tokens = tokens;
    this.workers = workers;
    this.answers = answers;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    String method = call.getMethodDescriptor().getFullMethodName();
    if (OPEN_TO_ALL.contains(method)) {
      return serve(Caller.UNPROVEN, call, headers, next);
    }
    String token = tokenIn(headers);
    boolean judgedByRequest = JUDGED_BY_REQUEST.contains(method);
    CompletableFuture<Void> awaited;
    try {
      long revision = token == null ? 0 : Tokens.claimedRevision(token);
      if (auth.get().revision() >= revision) {
        return decide(token, judgedByRequest, call, headers, next);
      }
      awaited = newer.apply(revision);
    } catch (RejectedException e) {
      return refuse(call, e);
    }
    Context context = Context.current();
    var deferred = new DeferredCall<Q>();
    var unused = awaited
        .thenRunAsync(
            () -> context.run(
                () -> deferred.serveBy(decide(token, judgedByRequest, call, headers, next))),
            workers)
        .whenComplete((done, error) -> {
          if (error != null) {
            deferred.serveBy(refuse(call, error));
          }
        });
    return deferred;
  }

  /** By what is known now. */
  private <Q, R> ServerCall.Listener<Q> decide(
      @Nullable String token,
      boolean judgedByRequest,
      ServerCall<Q, R> call,
      Metadata headers,
      ServerCallHandler<Q, R> next) {
    try {
      Optional<Caller> known = identify(token);
      if (known.isPresent()) {
        return serve(known.get(), call, headers, next);
      } else if (judgedByRequest) {
        Caller nobody = token == null ? Caller.UNNAMED : Caller.UNPROVEN;
        return serve(nobody, call, headers, next);
      }
      throw (token == null ? EtcdError.USER_EMPTY : EtcdError.INVALID_AUTH_TOKEN).exception();
    } catch (RejectedException e) {
      return refuse(call, e);
    }
  }

  /** Empty if the caller would be refused. */
  private Optional<Caller> identify(@Nullable String token) {
    AuthState state = auth.get();
    if (!state.enabled()) {
      return Optional.of(new Caller("", state.revision()));
    }
    Optional<AuthUser> user = token == null ? Optional.empty() : tokens.userOf(token, state);
    return user.map(known -> new Caller(known.name(), state.revision()));
  }

  private static @Nullable String tokenIn(Metadata headers) {
    String token = headers.get(TOKEN);
    return token == null ? headers.get(AUTHORIZATION) : token;
  }

  private static <Q, R> ServerCall.Listener<Q> serve(
      Caller caller, ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    return Contexts.interceptCall(caller.in(Context.current()), call, headers, next);
  }

  private <Q, R> ServerCall.Listener<Q> refuse(ServerCall<Q, R> call, Throwable why) {
    StatusRuntimeException refusal = answers.toStatus(why);
    Metadata trailers = refusal.getTrailers();
    call.close(refusal.getStatus(), trailers == null ? new Metadata() : trailers);
    return new ServerCall.Listener<>() {};
  }
}
