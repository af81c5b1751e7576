package io.syncline.client;

import io.grpc.Channel;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.syncline.model.Endpoint;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What all calls and watches of one client share: a channel and a stream of writes to each
 * voter, the timer, the threads on
 * which listeners run.
 */
final class Connections implements AutoCloseable {
  /** Beyond as many, the channel to the voter unused for longest is closed. */
  static final int MAX_CHANNELS = 64;

  private final ClientSettings settings;
  private final Backoff backoff = new Backoff(() -> ThreadLocalRandom.current().nextDouble());
  private final Map<Endpoint, ManagedChannel> channels = new LinkedHashMap<>(16, 0.75f, true);
  private final WriteStreams writeStreams = new WriteStreams(this);
  private final ScheduledThreadPoolExecutor timer;
  private final ThreadPoolExecutor listeners;
  private volatile boolean closed;

  Connections(ClientSettings settings) {
    this.settings = settings;
    timer = new ScheduledThreadPoolExecutor(1, daemons("syncline-client-timer"));
    timer.setRemoveOnCancelPolicy(true);
    // As many threads as listeners busy at once; idle ones end, so that none needs to be stopped.
    listeners = new ThreadPoolExecutor(
        0,
        Integer.MAX_VALUE,
        5,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        daemons("syncline-client-watch"));
  }

  private static ThreadFactory daemons(String name) {
    var count = new AtomicInteger();
    return task -> {
      var thread = new Thread(task, name + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  ClientSettings settings() {
    return settings;
  }

  Backoff backoff() {
    return backoff;
  }

  WriteStreams writeStreams() {
    return writeStreams;
  }

  Executor listeners() {
    return listeners;
  }

  boolean closed() {
    return closed;
  }

  /** Runs the task on the timer's thread; returns false if the client is closed. */
  boolean schedule(Runnable task, Duration delay) {
    return scheduled(task, delay) != null;
  }

  /** Runs the task on the timer's thread, unless cancelled; null if the client is closed. */
  @Nullable
  Future<?> scheduled(Runnable task, Duration delay) {
    try {
      return timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      return null;
    }
  }

  /** Runs the task on the timer's thread again and again, never to catch up; ends with the client. */
  Future<?> repeat(Runnable task, Duration interval) {
    try {
      return timer.scheduleWithFixedDelay(
          task, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture(null);
    }
  }

  /**
   * The channel to the voter; it connects at once, even if it lately failed to.
   *
   * @throws IllegalArgumentException if the endpoint's host is none
   */
  Channel channel(Endpoint voter) {
    ManagedChannel channel;
    synchronized (channels) {
      channel = channels.computeIfAbsent(voter, this::open);
      if (channels.size() > MAX_CHANNELS) {
        var eldest = channels.entrySet().iterator();
        eldest.next().getValue().shutdown();
        eldest.remove();
      }
    }
    // gRPC would wait up to two minutes on its own; the pace of retries is set in one layer, ours.
    if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
      channel.enterIdle();
    }
    return channel;
  }

  /** The one place where transport security enters. */
  private ManagedChannel open(Endpoint voter) {
    ManagedChannel channel = NettyChannelBuilder.forAddress(voter.host(), voter.port())
        .usePlaintext()
        .directExecutor()
        .disableRetry()
        .maxInboundMessageSize(settings.maxMessageBytes())
        .intercept(ActorHeader.interceptor(settings.actor()))
        .build();
    if (closed) {
      channel.shutdownNow();
    }
    return channel;
  }

  /** Ends all calls under way. Attempts that were waiting for their turn still run, and fail. */
  @Override
  public void close() {
    closed = true;
    timer.shutdown();
    synchronized (channels) {
      channels.values().forEach(ManagedChannel::shutdownNow);
    }
  }
}
