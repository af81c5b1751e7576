package io.syncline.server.rpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import io.syncline.codec.StatusCodec;
import io.syncline.model.Actor;
import io.syncline.model.Rejection;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * Says who is calling: so far the name that the client states, unverified. The seam where identity
 * and permission enter.
 */
final class ActorInterceptor implements ServerInterceptor {
  private static final Metadata.Key<String> STATED_NAME =
      Metadata.Key.of("syncline-actor", Metadata.ASCII_STRING_MARSHALLER);
  private static final Context.Key<Actor> ACTOR = Context.key("actor");

  /** Who calls, on the thread the call came in on. */
  static Actor current() {
    Actor actor = ACTOR.get();
    return actor == null ? Actor.ANONYMOUS : actor;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    String stated = headers.get(STATED_NAME);
    if (stated == null || stated.isEmpty()) {
      return next.startCall(call, headers);
    }
    try {
      var actor = new Actor(URLDecoder.decode(stated, StandardCharsets.UTF_8), false);
      return Contexts.interceptCall(Context.current().withValue(ACTOR, actor), call, headers, next);
    } catch (IllegalArgumentException e) {
      StatusRuntimeException refused =
          StatusCodec.toStatus(Rejection.badArgument("syncline-actor: " + e.getMessage()));
      Metadata trailers = refused.getTrailers();
      call.close(refused.getStatus(), trailers == null ? new Metadata() : trailers);
      return new ServerCall.Listener<>() {};
    }
  }
}
