package io.syncline.bench.fanout;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.syncline.client.sync.FollowListener;
import io.syncline.client.sync.FollowSettings;
import io.syncline.client.sync.FollowView;
import io.syncline.client.sync.Following;
import io.syncline.client.sync.GrpcUpstream;
import io.syncline.client.sync.Self;
import io.syncline.client.sync.ThreadLoop;
import io.syncline.model.Endpoint;
import io.syncline.model.Revision;
import io.syncline.model.Selector;
import io.syncline.model.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * Followers that are sent changes, in one program: real but for keeping no contents. They share a few
 * connections, each follower with a stream of its own, and as many threads as there are processors.
 */
public final class FollowerAudience implements Audience {
  public static final int MAX_FOLLOWERS = 100_000;

  private static final Duration LONGEST_START = Duration.ofSeconds(60);
  private static final FollowSettings SETTINGS =
      FollowSettings.DEFAULT.withMode(FollowSettings.Mode.PUSH).withVerifyInterval(Duration.ZERO);

  private final List<ThreadLoop> loops;
  private final List<GrpcUpstream> upstreams = new ArrayList<>();
  private final List<Follower> followers = new ArrayList<>();

  private FollowerAudience(int loops) {
    this.loops = IntStream.range(0, loops)
        .mapToObj(i -> new ThreadLoop("light-followers-" + i, this::onLoopError))
        .toList();
  }

  /**
   * Brings followers up and returns when all of them are being sent changes.
   *
   * @param servers what is followed: followers are spread evenly over them
   * @param what of a namespace: a part, not all of it
   * @param from the revision that all of them begin at; every server has reached it
   * @param connections to all servers together, at least one each
   * @throws java.util.concurrent.CompletionException if they are not in place within a minute
   */
  public static FollowerAudience join(
      List<Endpoint> servers, Selector what, Revision from, int count, int connections) {
    int threads = Math.min(connections, Runtime.getRuntime().availableProcessors());
    var audience = new FollowerAudience(threads);
    try {
      audience.connect(servers, Math.max(connections, servers.size()));
      IntStream.range(0, count).forEach(i -> audience.add(i, what, from));
      audience.followers.forEach(follower -> follower.following.start());
      CompletableFuture.allOf(audience.followers.stream()
              .map(follower -> follower.inPlace)
              .toArray(CompletableFuture[]::new))
          .orTimeout(LONGEST_START.toSeconds(), SECONDS)
          .join();
      return audience;
    } catch (RuntimeException e) {
      audience.close();
      throw e;
    }
  }

  private void connect(List<Endpoint> servers, int connections) {
    for (int i = 0; i < connections; i++) {
      upstreams.add(new GrpcUpstream(servers.get(i % servers.size()), loops.get(i % loops.size())));
    }
  }

  private void add(int number, Selector what, Revision from) {
    int connection = number % upstreams.size();
    followers.add(new Follower(
        number, what, from, loops.get(connection % loops.size()), upstreams.get(connection)));
  }

  private void onLoopError(Throwable error) {
    followers.forEach(follower -> follower.seat.ended(error));
  }

  @Override
  public List<Seat> seats() {
    return followers.stream().map(follower -> follower.seat).toList();
  }

  @Override
  public long bytes() {
    return loops.stream()
        .map(loop -> CompletableFuture.supplyAsync(() -> bytesOf(loop), loop))
        .mapToLong(CompletableFuture::join)
        .sum();
  }

  private long bytesOf(ThreadLoop loop) {
    return followers.stream()
        .filter(follower -> follower.loop == loop)
        .mapToLong(follower -> follower.following.view().counts().bytes())
        .sum();
  }

  @Override
  public void close() {
    followers.forEach(follower -> follower.following.close());
    loops.forEach(ThreadLoop::close);
    upstreams.forEach(GrpcUpstream::close);
  }

  private static final class Follower implements FollowListener {
    private final Seat seat = new Seat();
    private final CompletableFuture<Void> inPlace = new CompletableFuture<>();
    private final ThreadLoop loop;
    private final Revision from;
    private final Following following;

    Follower(int number, Selector what, Revision from, ThreadLoop loop, GrpcUpstream upstream) {
      this.from = from;
      this.loop = loop;
      // the same names in each run: whoever is followed remembers them for days
      var self = new Self("light-" + number, Subscription.of(what), "", false, List::of);
      following = new Following(
          loop,
          new LightReplica(from, seat),
          List.of(upstream),
          self,
          SETTINGS,
          new Random(number),
          this);
    }

    @Override
    public void onView(FollowView view) {
      if (!view.head().isBefore(from) && view.state() == FollowView.State.STREAMING) {
        inPlace.complete(null);
      }
    }
  }
}
