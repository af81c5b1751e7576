package io.syncline.server.etcd.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.syncline.server.http.HttpAnswer;
import io.syncline.server.http.HttpRequestHead;
import io.syncline.server.http.HttpRoute;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What else is read on etcd's port, such as metrics: who moves from etcd finds them where etcd's were. */
final class Pages {
  private static final Logger LOG = LoggerFactory.getLogger(Pages.class);
  private static final int WORKERS = 2;

  private final Map<String, HttpRoute> byPath;
  /** No queue: who waits for a scrape is better told so. */
  private final ThreadPoolExecutor workers = new ThreadPoolExecutor(
      0,
      WORKERS,
      1,
      TimeUnit.MINUTES,
      new SynchronousQueue<>(),
      new DefaultThreadFactory("syncline-etcd-page", true));

  Pages(List<HttpRoute> pages) {
    byPath =
        pages.stream().collect(Collectors.toUnmodifiableMap(HttpRoute::path, Function.identity()));
  }

  Optional<HttpRoute> find(String path) {
    return Optional.ofNullable(byPath.get(path));
  }

  /** On the connection's thread; the reply is sent on it too. */
  void answer(ChannelHandlerContext context, HttpRoute page, HttpRequest request, HttpReply reply) {
    var headers = new HashMap<String, String>();
    request
        .headers()
        .forEach(header ->
            headers.putIfAbsent(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
    var head = new HttpRequestHead(request.method().name(), page.path(), headers);
    if (page.quick()) {
      reply.send(answer(page, head));
      return;
    }
    try {
      workers.execute(() -> {
        HttpReply.Whole answer = answer(page, head);
        context.executor().execute(() -> reply.send(answer));
      });
    } catch (RejectedExecutionException e) {
      reply.send(HttpReply.Whole.refusal(
              HttpResponseStatus.SERVICE_UNAVAILABLE,
              page.path() + ": being answered to others already; try again in a second")
          .with("retry-after", "1"));
    }
  }

  private static HttpReply.Whole answer(HttpRoute page, HttpRequestHead head) {
    try {
      HttpAnswer answer = page.answering().apply(head);
      return new HttpReply.Whole(
              HttpResponseStatus.valueOf(answer.status()),
              answer.body().toStringUtf8(),
              answer.headers())
          .with("content-type", answer.type());
    } catch (RuntimeException | Error e) {
      LOG.error("a request failed unexpectedly: path={}", page.path(), e);
      return HttpReply.Whole.refusal(
          HttpResponseStatus.INTERNAL_SERVER_ERROR, "unexpected error; see the voter's log");
    }
  }

  void close() {
    workers.shutdownNow();
  }
}
