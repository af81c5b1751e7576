package io.syncline.server.etcd;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.syncline.model.Command;
import io.syncline.model.Fault;
import io.syncline.model.Key;
import io.syncline.model.KeyRange;
import io.syncline.model.KeyspaceCommand;
import io.syncline.model.NamespaceComparison;
import io.syncline.model.NamespaceName;
import io.syncline.model.Outcome;
import io.syncline.model.Precondition;
import io.syncline.model.ProposedCommand;
import io.syncline.model.Rejection;
import io.syncline.model.Revision;
import io.syncline.proto.api.v1.ResponseHeader;
import io.syncline.server.AppliedStore;
import io.syncline.server.Commands;
import io.syncline.server.LocalCluster;
import io.syncline.server.admission.Limits;
import io.syncline.server.apply.Applier.Applied;
import io.syncline.server.conflict.Conflicts;
import io.syncline.server.draft.Drafts;
import io.syncline.server.feed.Feed;
import io.syncline.server.feed.WatchBatch;
import io.syncline.server.feed.WatchQuery;
import io.syncline.server.feed.WatchSink;
import io.syncline.server.feed.Watcher;
import io.syncline.server.feed.Watches;
import io.syncline.server.raft.RaftNode;
import io.syncline.server.read.Freshness;
import io.syncline.server.read.ReadMeters;
import io.syncline.server.read.Reads;
import io.syncline.server.rpc.Answers;
import io.syncline.server.rpc.Serving;
import io.syncline.server.sync.SyncServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A keyspace with watches, and a port to reach them: a voter of etcd's API without Raft. */
final class LocalKeyspace implements AutoCloseable {
  static final NamespaceName NAME = new NamespaceName("etcd");
  static final int MAX_WATCHES = 60;
  static final int FEED_CHANGES = 30;

  private final AppliedStore store;
  private final Feed feed;
  private final Watches watches;
  private final ConcurrentLinkedQueue<Fault> faults = new ConcurrentLinkedQueue<>();
  private final ExecutorService workers = Executors.newFixedThreadPool(2);
  private final VoterChannels leader;
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final ServerServiceDefinition service;
  private final Server server;
  private @Nullable Server within;

  LocalKeyspace(Path folder, Access access) {
    store = new AppliedStore(folder);
    feed = new Feed(store.store(), FEED_CHANGES, 1 << 20);
    watches = new Watches(feed, store.store(), MAX_WATCHES, faults::add);
    watches.start();
    var serving = new Parts(new Reads(store.store()), watches);
    leader = new VoterChannels(() -> serving, 1 << 20);
    var keyspace = new Keyspace(() -> serving, NAME, Limits.forContent(1 << 20));
    var answers = new Answers(workers, faults::add, EtcdStatus::of);
    service = new WatchService(keyspace, access, leader, answers).definition();
    try {
      server = NettyServerBuilder.forAddress(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
          .addService(service)
          .build()
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException("no free port", e);
    }
  }

  ManagedChannel channel() {
    ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
        .usePlaintext()
        .maxInboundMessageSize(64 << 20)
        .build();
    channels.add(channel);
    return channel;
  }

  /** A channel whose calls run on the thread that makes them, on both sides. */
  ManagedChannel channelWithin() {
    String name = InProcessServerBuilder.generateName();
    try {
      within = InProcessServerBuilder.forName(name)
          .directExecutor()
          .addService(service)
          .build()
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ManagedChannel channel =
        InProcessChannelBuilder.forName(name).directExecutor().build();
    channels.add(channel);
    return channel;
  }

  AppliedStore store() {
    return store;
  }

  Feed feed() {
    return feed;
  }

  Watches watches() {
    return watches;
  }

  long found() {
    return commit(new Command.Keyspace(new KeyspaceCommand.Found(NAME), 0));
  }

  long put(String key, String value) {
    return commit(Commands.put(NAME, key, value, Precondition.NONE, true));
  }

  long delete(String key) {
    return commit(new Command.Delete(NAME, Key.of(key), Precondition.NONE, null));
  }

  long putTogether(Map<String, String> values) {
    return commit(new Command.Transaction(
        NAME,
        List.of(),
        values.entrySet().stream()
            .map(entry -> Commands.putting(entry.getKey(), entry.getValue()))
            .toList(),
        List.of()));
  }

  void compact(long revision) {
    commit(new Command.Keyspace(new KeyspaceCommand.Compact(NAME, Revision.of(revision)), 0));
  }

  /**
   * @return the revision after it
   */
  long commit(Command command) {
    Applied applied = apply(command);
    publish(applied);
    return applied.to().value();
  }

  /** The first half of a commit: it is in the store, and nobody was told. */
  Applied apply(Command command) {
    Applied applied = store.apply(List.of(AppliedStore.proposed(command)));
    if (!(applied.outcomes().get(0) instanceof Outcome.Committed)) {
      throw new AssertionError("refused: " + applied.outcomes());
    }
    return applied;
  }

  void publish(Applied applied) {
    if (applied.to().isAfter(applied.from())) {
      feed.publish(applied.to(), applied.changes(), applied.digests());
    }
  }

  /** Waits until the voter has told a watcher so many times in a row that it has nothing to tell. */
  void awaitBookmarks(int count, Duration interval) {
    var told = new CountDownLatch(count);
    var query = new WatchQuery(
        NAME, KeyRange.single(Key.of("nothing")), Revision.ZERO, false, false, interval);
    Watcher watcher = watches.watch(query, new WatchSink() {
      @Override
      public boolean isReady() {
        return true;
      }

      @Override
      public void send(WatchBatch batch) {
        told.countDown();
      }

      @Override
      public void end(Rejection why) {}
    });
    watches.onReady(watcher);
    try {
      if (!told.await(LocalCluster.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("no bookmarks");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      watches.cancel(watcher);
    }
  }

  List<Fault> faults() {
    return List.copyOf(faults);
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    watches.close();
    server.shutdownNow();
    if (within != null) {
      within.shutdownNow();
    }
    leader.close();
    workers.shutdownNow();
    store.close();
  }

  /** Nothing but what watches need. */
  private record Parts(Reads reads, Watches watches) implements Serving {
    @Override
    public ResponseHeader header(Revision revision) {
      return ResponseHeader.newBuilder()
          .setClusterId("cluster")
          .setVoter("voter")
          .setRevision(revision.value())
          .setTerm(3)
          .build();
    }

    @Override
    public Freshness freshness() {
      throw new UnsupportedOperationException();
    }

    @Override
    public ReadMeters readMeters() {
      throw new UnsupportedOperationException();
    }

    @Override
    public SyncServer sync() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Drafts drafts() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Conflicts conflicts() {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<List<NamespaceComparison>> verify(
        Set<NamespaceName> namespaces, boolean repair) {
      throw new UnsupportedOperationException();
    }

    @Override
    public RaftNode raft() {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Outcome.Committed> write(ProposedCommand command) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void afterOutcomes(Runnable task) {
      throw new UnsupportedOperationException();
    }
  }
}
