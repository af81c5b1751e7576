package io.syncline.server.etcd;

import com.google.protobuf.ByteString;
import io.grpc.stub.ServerCallStreamObserver;
import io.syncline.codec.EtcdCodec;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Key;
import io.syncline.model.RangeResult;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Revision;
import io.syncline.proto.etcd.election.LeaderResponse;
import io.syncline.server.feed.WatchBatch;
import io.syncline.server.feed.WatchQuery;
import io.syncline.server.feed.WatchSink;
import io.syncline.server.feed.Watcher;
import io.syncline.server.rpc.Answers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One who observes an election: he is told who leads, everything that one proclaims, and who leads after
 * him.
 */
final class Observation implements WatchSink {
  private static final Duration SELDOM = Duration.ofHours(1);

  private final Keyspace keyspace;
  private final Contest contest;
  private final Answers answers;
  private final ByteString name;
  private final ServerCallStreamObserver<LeaderResponse> stream;
  private final Consumer<Observation> atEnd;
  private final AtomicReference<@Nullable Watcher> begun = new AtomicReference<>();

  /** Null: nobody leads. */
  private @Nullable Key leader;
  /** Everything up to it has been looked at. */
  private Revision seen = Revision.ZERO;

  /**
   * @param atEnd told once or more often
   */
  Observation(
      Keyspace keyspace,
      Contest contest,
      Answers answers,
      ByteString name,
      ServerCallStreamObserver<LeaderResponse> stream,
      Consumer<Observation> atEnd) {
    this.keyspace = keyspace;
    this.contest = contest;
    this.answers = answers;
    this.name = name;
    this.stream = stream;
    this.atEnd = atEnd;
  }

  /** Called once; reads the store. */
  boolean begin() {
    lookWhoLeads();
    var query =
        new WatchQuery(keyspace.name(), Contest.contenders(name), seen.next(), true, false, SELDOM);
    begun.set(keyspace.serving().watches().watch(query, this));
    if (stream.isCancelled()) {
      cancel();
    }
    resume();
    return true;
  }

  /** Nothing is told any more. */
  void cancel() {
    atEnd.accept(this);
    Watcher watcher = begun.get();
    if (watcher != null) {
      keyspace.serving().watches().cancel(watcher);
    }
  }

  void resume() {
    Watcher watcher = begun.get();
    if (watcher != null) {
      keyspace.serving().watches().onReady(watcher);
    }
  }

  private void lookWhoLeads() {
    RangeResult found = contest.winner(name);
    seen = found.revision();
    leader = null;
    if (!found.versions().isEmpty()) {
      tell(found.versions().get(0), seen);
    }
  }

  private void tell(ConfigVersion version, Revision revision) {
    leader = version.key();
    if (!stream.isCancelled()) {
      stream.onNext(LeaderResponse.newBuilder()
          .setHeader(keyspace.header(revision))
          .setKv(EtcdCodec.toProto(version))
          .build());
    }
  }

  @Override
  public boolean isReady() {
    return stream.isReady() && !stream.isCancelled();
  }

  @Override
  public void send(WatchBatch batch) {
    for (WatchBatch.Event event : batch.events()) {
      ConfigVersion version = event.version();
      if (version.revision().isAfter(seen)) {
        see(version);
      }
    }
  }

  private void see(ConfigVersion version) {
    if (version.live() && (leader == null || version.key().equals(leader))) {
      tell(version, version.revision());
    } else if (!version.live() && version.key().equals(leader)) {
      lookWhoLeads();
    }
  }

  /** Called by others than its watcher too. */
  void stop(Rejection why) {
    cancel();
    end(why);
  }

  @Override
  public void end(Rejection why) {
    atEnd.accept(this);
    if (!stream.isCancelled()) {
      answers.fail(stream, new RejectedException(why));
    }
  }
}
