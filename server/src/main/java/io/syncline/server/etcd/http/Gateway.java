package io.syncline.server.etcd.http;

import io.grpc.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.syncline.server.http.HttpAnswerer;
import io.syncline.server.http.HttpRequestHead;
import io.syncline.server.http.HttpRoute;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which request is answered by what. Unknown paths, wrong methods and redirections are answered as etcd
 * does, so that a client that probes takes Syncline for it.
 */
final class Gateway {
  private static final String OLD_PREFIX = "/v3beta/";
  private static final long MAX_BODIES_TOGETHER_BYTES = 256L << 20;
  /** Names, punctuation and escapes, beside what a message holds. */
  private static final int BODY_OVERHEAD_BYTES = 64 << 10;

  private final EtcdOffer offer;
  private final GatewayRoutes routes;
  private final Channel services;
  private final BodyBudget bodies;
  private final Map<String, HttpRoute> pages;
  private final HttpAnswerer answerer = new HttpAnswerer("syncline-etcd-page");

  /**
   * @param services the same as the offer's, callable on any thread
   */
  Gateway(EtcdOffer offer, Channel services) {
    this.offer = offer;
    this.pages = offer.pages().stream()
        .collect(Collectors.toUnmodifiableMap(HttpRoute::path, Function.identity()));
    this.routes = new GatewayRoutes(offer.services());
    this.services = services;
    // bytes are a third longer in base64, and slashes may be escaped
    this.bodies = new BodyBudget(
        2 * offer.maxMessageBytes() + BODY_OVERHEAD_BYTES, MAX_BODIES_TOGETHER_BYTES);
  }

  /** Answers no page any more. */
  void close() {
    answerer.close();
  }

  int maxBodyBytes() {
    return bodies.maxBodyBytes();
  }

  /**
   * Begins to answer.
   *
   * @return what takes the body; empty if the reply needs none, and is sent
   */
  Optional<GatewayCall> begin(ChannelHandlerContext context, HttpRequest request, HttpReply reply) {
    if (request.method().equals(HttpMethod.OPTIONS)) {
      reply.send(new HttpReply.Whole(HttpResponseStatus.OK, "", Map.of()));
      return Optional.empty();
    }
    String path = path(request.uri());
    String clean = clean(path);
    if (!path.equals(clean)) {
      reply.send(new HttpReply.Whole(HttpResponseStatus.MOVED_PERMANENTLY, "", Map.of())
          .with("location", clean));
      return Optional.empty();
    }
    Optional<GatewayRoute> route = routes.find(path);
    if (route.isPresent() && request.method().equals(HttpMethod.POST)) {
      return Optional.of(new GatewayCall(
          context,
          route.get(),
          services,
          request.headers().copy(),
          reply,
          bodies.share(),
          offer.maxMessageBytes()));
    }
    Optional<HttpRoute> page = Optional.ofNullable(pages.get(path));
    if (page.isPresent() && request.method().equals(HttpMethod.GET)) {
      answerer.answer(
          page.get(),
          HttpRequestHead.of(request),
          context.executor(),
          answer -> reply.send(HttpReply.Whole.of(answer)));
    } else if (page.isPresent()) {
      reply.send(onlyForGet());
    } else {
      reply.send(route.isPresent() ? wrongMethod() : other(request.method(), path));
    }
    return Optional.empty();
  }

  private static String path(String uri) {
    String path;
    try {
      path = new QueryStringDecoder(uri).path();
    } catch (IllegalArgumentException e) {
      path = uri;
    }
    return path.startsWith(OLD_PREFIX)
        ? GatewayRoutes.PREFIX + path.substring(OLD_PREFIX.length())
        : path;
  }

  /** Without empty parts and dots, and with the slash that the prefix has. */
  private static String clean(String path) {
    Deque<String> parts = new ArrayDeque<>();
    for (String part : path.split("/", -1)) {
      if (part.equals("..")) {
        parts.pollLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    String clean = "/" + String.join("/", parts);
    boolean slash = !parts.isEmpty() && path.endsWith("/");
    return slash || (clean + "/").equals(GatewayRoutes.PREFIX) ? clean + "/" : clean;
  }

  private HttpReply.Whole other(HttpMethod method, String path) {
    if (path.equals("/version") || path.equals("/health")) {
      if (!method.equals(HttpMethod.GET)) {
        return onlyForGet();
      }
      return path.equals("/version") ? version() : health();
    }
    return HttpReply.Whole.refusal(
        HttpResponseStatus.NOT_FOUND,
        path.startsWith(GatewayRoutes.PREFIX) ? "Not Found" : "404 page not found");
  }

  private HttpReply.Whole version() {
    return HttpReply.Whole.json(
        HttpResponseStatus.OK,
        "{\"etcdserver\":" + GatewayJson.quoted(offer.serverVersion().get()) + ",\"etcdcluster\":"
            + GatewayJson.quoted(offer.clusterVersion().get()) + "}");
  }

  private HttpReply.Whole health() {
    return offer.healthy().getAsBoolean()
        ? HttpReply.Whole.text(HttpResponseStatus.OK, "{\"health\":\"true\"}")
        : HttpReply.Whole.text(HttpResponseStatus.SERVICE_UNAVAILABLE, "{\"health\":\"false\"}");
  }

  private static HttpReply.Whole onlyForGet() {
    return wrongMethod().with(HttpHeaderNames.ALLOW.toString(), "GET");
  }

  private static HttpReply.Whole wrongMethod() {
    return HttpReply.Whole.refusal(HttpResponseStatus.METHOD_NOT_ALLOWED, "Method Not Allowed");
  }
}
