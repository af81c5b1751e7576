package io.syncline.server.http;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has routes answer requests: at once what is quick, by a few workers what may take long; while these are
 * busy, whoever asks is told to try again. Any thread.
 */
public final class HttpAnswerer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpAnswerer.class);
  private static final int WORKERS = 2;
  private static final int INTERNAL = 500;
  private static final int BUSY = 503;

  /** No queue: who waits for a scrape is better told so. */
  private final ThreadPoolExecutor workers;

  /**
   * @param threads the name of the workers
   */
  public HttpAnswerer(String threads) {
    workers = new ThreadPoolExecutor(
        0,
        WORKERS,
        1,
        TimeUnit.MINUTES,
        new SynchronousQueue<>(),
        new DefaultThreadFactory(threads, true));
  }

  /**
   * @param connection runs what is to be done on the connection's thread, which calls this
   * @param reply takes the answer, on that thread
   */
  public void answer(
      HttpRoute route, HttpRequestHead head, Executor connection, Consumer<HttpAnswer> reply) {
    if (route.quick()) {
      reply.accept(answer(route, head));
      return;
    }
    try {
      workers.execute(() -> {
        HttpAnswer answer = answer(route, head);
        connection.execute(() -> reply.accept(answer));
      });
    } catch (RejectedExecutionException e) {
      reply.accept(HttpAnswer.error(
              BUSY,
              "\"" + head.path() + "\": being answered to others already; try again in a second")
          .with("retry-after", "1"));
    }
  }

  private static HttpAnswer answer(HttpRoute route, HttpRequestHead head) {
    try {
      return route.answering().apply(head);
    } catch (RuntimeException | Error e) {
      LOG.error("a request failed unexpectedly: path={}", route.path(), e);
      return HttpAnswer.error(INTERNAL, "unexpected error; see the node's log");
    }
  }

  @Override
  public void close() {
    workers.shutdownNow();
  }
}
