package io.syncline.server.etcd;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the metadata of a call say of its watches.
 *
 * @param progressInterval how long a watch that asks for progress may hear nothing
 * @param repeatsProgress whether it hears the same revision again while the store stands still: as etcd does
 *     it, for those who did not say how often they want to hear
 * @param credentials of the caller, as they came
 */
record WatchCall(Duration progressInterval, boolean repeatsProgress, Metadata credentials) {
  /** Puts it where {@link #current} finds it. */
  static final ServerInterceptor INTERCEPTOR = new ServerInterceptor() {
    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
      return intercept(call, headers, next);
    }
  };

  private static final Metadata.Key<String> PROGRESS_INTERVAL_MS =
      Metadata.Key.of("syncline-progress-interval-ms", Metadata.ASCII_STRING_MARSHALLER);

  private static final List<Metadata.Key<String>> CREDENTIALS = List.of(
      Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER),
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER));

  /** As etcd's, both. */
  private static final Duration USUAL_INTERVAL = Duration.ofMinutes(10);

  private static final long LEAST_INTERVAL_MS = 100;
  private static final long LONGEST_INTERVAL_MS = Duration.ofDays(1).toMillis();

  private static final WatchCall USUAL = new WatchCall(USUAL_INTERVAL, true, new Metadata());
  private static final Context.Key<WatchCall> CURRENT = Context.key("etcd-watch-call");

  /** On the thread that the call came in on. */
  static WatchCall current() {
    WatchCall call = CURRENT.get();
    return call == null ? USUAL : call;
  }

  private static <Q, R> ServerCall.Listener<Q> intercept(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    WatchCall known;
    try {
      known = of(headers);
    } catch (NumberFormatException e) {
      call.close(
          Status.INVALID_ARGUMENT.withDescription("metadata "
              + PROGRESS_INTERVAL_MS.name()
              + ": "
              + headers.get(PROGRESS_INTERVAL_MS)
              + " (expected: whole milliseconds)"),
          new Metadata());
      return new ServerCall.Listener<>() {};
    }
    return Contexts.interceptCall(Context.current().withValue(CURRENT, known), call, headers, next);
  }

  private static WatchCall of(Metadata headers) {
    var credentials = new Metadata();
    for (Metadata.Key<String> key : CREDENTIALS) {
      String value = headers.get(key);
      if (value != null) {
        credentials.put(key, value);
      }
    }
    String interval = headers.get(PROGRESS_INTERVAL_MS);
    return new WatchCall(interval(interval), interval == null, credentials);
  }

  private static Duration interval(@Nullable String given) {
    return given == null
        ? USUAL_INTERVAL
        : Duration.ofMillis(
            Math.min(LONGEST_INTERVAL_MS, Math.max(LEAST_INTERVAL_MS, Long.parseLong(given))));
  }

  /** Shows no credentials. */
  @Override
  public String toString() {
    return "WatchCall[progressInterval=" + progressInterval + "]";
  }
}
