package io.syncline.bench.fanout;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.syncline.bench.store.Target;
import io.syncline.model.KeyRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Watchers in one program, each with a stream of its own, over a few connections. */
public final class WatcherAudience implements Audience {
  private static final Duration LONGEST_START = Duration.ofSeconds(60);

  private final List<Target> connections;
  private final List<Seat> seats;

  private WatcherAudience(List<Target> connections, List<Seat> seats) {
    this.connections = connections;
    this.seats = seats;
  }

  /**
   * Returns when all watches are in place.
   *
   * @param connecting makes one connection
   * @throws java.util.concurrent.CompletionException if they are not in place within a minute
   */
  public static WatcherAudience join(
      Supplier<Target> connecting, KeyRange range, int count, int connections) {
    var audience = new WatcherAudience(
        Stream.generate(connecting).limit(connections).toList(),
        Stream.generate(Seat::new).limit(count).toList());
    try {
      var watches = new ArrayList<CompletableFuture<AutoCloseable>>();
      for (int i = 0; i < count; i++) {
        Target connection = audience.connections.get(i % connections);
        watches.add(connection.watch(range, audience.seats.get(i)));
      }
      CompletableFuture.allOf(watches.toArray(CompletableFuture[]::new))
          .orTimeout(LONGEST_START.toSeconds(), SECONDS)
          .join();
      return audience;
    } catch (RuntimeException e) {
      audience.close();
      throw e;
    }
  }

  @Override
  public List<Seat> seats() {
    return seats;
  }

  /** Not counted. */
  @Override
  public long bytes() {
    return 0;
  }

  /** Ends the watches with their connections. */
  @Override
  public void close() {
    connections.forEach(Target::close);
  }
}
