package io.syncline.client.cache;

import io.syncline.client.sync.FollowListener;
import io.syncline.client.sync.FollowSettings;
import io.syncline.client.sync.FollowView;
import io.syncline.client.sync.Following;
import io.syncline.client.sync.GrpcUpstream;
import io.syncline.client.sync.Self;
import io.syncline.client.sync.ThreadLoop;
import io.syncline.model.ChangeBatch;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Endpoint;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.Revision;
import io.syncline.model.Selector;
import io.syncline.model.Subscription;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A copy of configuration in the memory of this application, kept in step by one stream for everything
 * it subscribes to.
 *
 * <pre>{@code
 * try (ConfigCache cache = ConfigCache.builder()
 *     .endpoints("10.0.0.1:7400,10.0.0.2:7400")
 *     .subscribe("routes,limits:eu/")
 *     .lastGood(Path.of("/var/lib/app/config"))
 *     .start()) {
 *   cache.awaitReady(Duration.ofSeconds(10));
 *   Optional<ConfigVersion> route = cache.get(new NamespaceName("routes"), Key.of("api"));
 *   cache.listen(Selector.parse("routes"), (revision, changes) -> reload(changes));
 * }
 * }</pre>
 *
 * <p>A read takes no lock and copies nothing: the copy is an immutable {@link Image}, swapped in one
 * step for each batch. With a folder for the last good state a start needs no centre; how old the copy
 * is tells {@link #age}. Contents are verified before they are seen. Any thread may call.
 */
public final class ConfigCache implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigCache.class);

  private final ThreadLoop loop;
  private final ImageReplica replica = new ImageReplica();
  private final List<GrpcUpstream> upstreams = new ArrayList<>();
  private final List<Told> listeners = new ArrayList<>();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final Random random = new Random();
  private final Builder built;
  private final @Nullable LastGood lastGood;
  private final Following following;
  private volatile FollowView view;
  private volatile long viewedAtNanos = System.nanoTime();

  private ConfigCache(Builder builder) {
    this.built = builder;
    this.loop = new ThreadLoop("syncline-cache", this::onError);
    this.lastGood = LastGood.in(builder.folder);
    if (lastGood != null) {
      lastGood.load(replica);
    }
    builder.endpoints.forEach(endpoint -> upstreams.add(new GrpcUpstream(endpoint, loop)));
    var self = new Self(builder.id, builder.subscription, "", false, List::of);
    this.following =
        new Following(loop, replica, upstreams, self, builder.settings, random, new Listening());
    this.view = following.view();
    if (!replica.cursor().equals(Revision.ZERO)) {
      ready.complete(null);
    }
    following.start();
  }

  public static Builder builder() {
    return new Builder();
  }

  /** The live value of a key. */
  public Optional<ConfigVersion> get(NamespaceName namespace, Key key) {
    return replica.image().get(namespace, key);
  }

  /** Everything, as it is at one revision; for several reads that must fit each other. */
  public Image image() {
    return replica.image();
  }

  /**
   * Tells a listener first of all there is, then of what changes.
   *
   * @return ends it; what is under way may still reach it
   */
  public Runnable listen(Selector selector, ConfigListener listener) {
    var told =
        new Told(selector, listener, built.spread, built.minInterval, loop, random.nextDouble());
    loop.execute(() -> {
      listeners.add(told);
      told.catchUp(replica);
    });
    return () -> loop.execute(() -> {
      told.end();
      listeners.remove(told);
    });
  }

  /** Whether there is a copy: from the centre, or the last good one. */
  public boolean ready() {
    return ready.isDone();
  }

  /**
   * Waits until there is a copy.
   *
   * @return whether there is
   */
  public boolean awaitReady(Duration timeout) throws InterruptedException {
    try {
      ready.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** How long ago the copy surely was equal to the centre; empty: not since the start. */
  public Optional<Duration> age() {
    FollowView seen = view;
    Duration since = Duration.ofNanos(System.nanoTime() - viewedAtNanos);
    return seen.age().map(age -> age.plus(since));
  }

  /** How the copy stands, for status pages and metrics. */
  public FollowView view() {
    return view;
  }

  private final class Listening implements FollowListener {
    @Override
    public void onApplied(ChangeBatch batch) {
      if (lastGood != null) {
        lastGood.append(batch, replica);
      }
      for (Told told : listeners) {
        batch.changes().forEach(told::onChanged);
        told.catchUp(replica);
      }
    }

    @Override
    public void onReplaced(Revision at) {
      if (lastGood != null) {
        lastGood.rewrite(replica);
      }
      for (Told told : listeners) {
        told.onReplaced();
        told.catchUp(replica);
      }
    }

    @Override
    public void onView(FollowView seen) {
      viewedAtNanos = System.nanoTime();
      view = seen;
      if (seen.age().isPresent() || !seen.cursor().equals(Revision.ZERO)) {
        ready.complete(null);
      }
      built.metrics.accept(seen);
    }
  }

  private void onError(Throwable error) {
    LOG.error("the cache met an error and goes on", error);
  }

  @Override
  public void close() {
    following.close();
    loop.close();
    upstreams.forEach(GrpcUpstream::close);
  }

  /** Endpoints and subscription must be given. */
  public static final class Builder {
    private List<Endpoint> endpoints = List.of();
    private Subscription subscription = Subscription.EVERYTHING;
    private String id = "cache-" + UUID.randomUUID();
    private FollowSettings settings = FollowSettings.DEFAULT;
    private @Nullable Path folder;
    private Duration spread = Duration.ZERO;
    private Duration minInterval = Duration.ZERO;
    private Consumer<FollowView> metrics = view -> {};

    private Builder() {}

    /**
     * @param addresses of voters or followers, {@code host:port}, separated by commas
     * @throws IllegalArgumentException if one has another form
     */
    public Builder endpoints(String addresses) {
      endpoints = Arrays.stream(addresses.split(",", -1))
          .map(String::strip)
          .map(Endpoint::parse)
          .toList();
      return this;
    }

    /**
     * @param text {@code *}, or namespaces and {@code namespace:prefix}, separated by commas
     * @throws IllegalArgumentException if it has another form
     */
    public Builder subscribe(String text) {
      subscription = Subscription.parse(text);
      return this;
    }

    /** Names it in lists of followers. Default: drawn at random. */
    public Builder id(String name) {
      Self.requireId(name);
      id = name;
      return this;
    }

    public Builder settings(FollowSettings follow) {
      settings = follow;
      return this;
    }

    /** Keeps the last good state here, for a start without the centre. One cache a folder. */
    public Builder lastGood(Path dir) {
      folder = dir;
      return this;
    }

    /** Tells listeners up to this much later, each cache by its own share. */
    public Builder spread(Duration most) {
      spread = most;
      return this;
    }

    /** Tells a listener no more often than this. */
    public Builder minInterval(Duration least) {
      minInterval = least;
      return this;
    }

    /** Told how the copy stands, at every change, on the cache's thread. */
    public Builder metrics(Consumer<FollowView> hook) {
      metrics = hook;
      return this;
    }

    /** Returns at once; {@link ConfigCache#awaitReady} waits for the copy. */
    public ConfigCache start() {
      if (endpoints.isEmpty()) {
        throw new IllegalArgumentException("endpoints: none (expected: at least one host:port)");
      }
      return new ConfigCache(this);
    }
  }
}
