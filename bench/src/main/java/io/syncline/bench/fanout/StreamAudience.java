package io.syncline.bench.fanout;

import static java.util.concurrent.TimeUnit.SECONDS;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.syncline.codec.SyncCodec;
import io.syncline.model.Endpoint;
import io.syncline.model.Key;
import io.syncline.model.Revision;
import io.syncline.model.Selector;
import io.syncline.proto.sync.v1.Change;
import io.syncline.proto.sync.v1.ChangeBatch;
import io.syncline.proto.sync.v1.Report;
import io.syncline.proto.sync.v1.StreamRequest;
import io.syncline.proto.sync.v1.StreamResponse;
import io.syncline.proto.sync.v1.Subscriber;
import io.syncline.proto.sync.v1.SyncServiceGrpc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;

/**
 * Streams of changes as followers have them, in one program, over a few connections: each follows the
 * cursor, and acknowledges as a follower does, but neither verifies nor keeps what it is sent. So what
 * is measured is what serves them, and not a thousand machines' work on one.
 */
public final class StreamAudience implements Audience {
  private static final Duration LONGEST_START = Duration.ofSeconds(60);
  private static final int MAX_MESSAGE_BYTES = 32 << 20;
  private static final int CREDITS = 16;
  private static final long MOST_UNACKNOWLEDGED_BYTES = 8 << 10;
  private static final long LONGEST_UNACKNOWLEDGED_NANOS = 100_000_000;

  private final List<ManagedChannel> channels = new ArrayList<>();
  private final List<Follower> followers = new ArrayList<>();
  private final LongAdder bytes = new LongAdder();
  private volatile boolean closed;

  private StreamAudience() {}

  /**
   * Opens the streams and returns when something was heard on each.
   *
   * @param servers what is followed: streams are spread evenly over them
   * @param what of a namespace
   * @param from the revision that all of them begin at; every server has reached it
   * @param connections to all servers together, at least one each
   * @throws java.util.concurrent.CompletionException if they are not in place within a minute
   */
  public static StreamAudience join(
      List<Endpoint> servers, Selector what, Revision from, int count, int connections) {
    var audience = new StreamAudience();
    try {
      for (int i = 0; i < Math.max(connections, servers.size()); i++) {
        Endpoint server = servers.get(i % servers.size());
        audience.channels.add(NettyChannelBuilder.forAddress(server.host(), server.port())
            .usePlaintext()
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            .directExecutor()
            .build());
      }
      for (int i = 0; i < count; i++) {
        var follower = audience.new Follower(i, what, from);
        audience.followers.add(follower);
        follower.open(audience.channels.get(i % audience.channels.size()));
      }
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

  @Override
  public List<Seat> seats() {
    return followers.stream().map(follower -> follower.seat).toList();
  }

  @Override
  public long bytes() {
    return bytes.sum();
  }

  @Override
  public void close() {
    closed = true;
    channels.forEach(ManagedChannel::shutdownNow);
  }

  /** Used on the thread of its connection, but for its beginning. */
  private final class Follower implements ClientResponseObserver<StreamRequest, StreamResponse> {
    private final Seat seat = new Seat();
    private final CompletableFuture<Void> inPlace = new CompletableFuture<>();
    private final StreamRequest opening;
    private ClientCallStreamObserver<StreamRequest> requests;
    private long cursor;
    private int unacknowledged;
    private long unacknowledgedBytes;
    private long acknowledgedNanos = System.nanoTime();

    @SuppressWarnings("NullAway.Init") // set when the call is made
    Follower(int number, Selector what, Revision from) {
      cursor = from.value();
      opening = StreamRequest.newBuilder()
          .setOpen(StreamRequest.Open.newBuilder()
              // the same names in each run: whoever is followed remembers them for days
              .setSubscriber(Subscriber.newBuilder()
                  .setFollowerId("light-" + number)
                  .addSelectors(SyncCodec.toProto(what)))
              .setReport(Report.newBuilder().setCursor(cursor))
              .setCredits(CREDITS))
          .build();
    }

    void open(ManagedChannel channel) {
      ClientCalls.asyncBidiStreamingCall(
              channel.newCall(SyncServiceGrpc.getStreamMethod(), CallOptions.DEFAULT), this)
          .onNext(opening);
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<StreamRequest> stream) {
      requests = stream;
    }

    @Override
    public void onNext(StreamResponse response) {
      if (response.getSnapshotNeeded()) {
        onError(new IllegalStateException("fell behind the history at revision " + cursor));
      } else if (response.hasBatch()) {
        take(response);
      } else {
        acknowledge();
      }
      inPlace.complete(null);
    }

    private void take(StreamResponse response) {
      ChangeBatch batch;
      try {
        batch = ChangeBatch.parseFrom(response.getBatch().getBatch());
      } catch (InvalidProtocolBufferException e) {
        onError(e);
        return;
      }
      bytes.add(response.getBatch().getBatch().size());
      if (batch.getFromRevision() == cursor) {
        for (Change change : batch.getChangesList()) {
          seat.written(
              new Key(change.getKey()), change.getContent(), new Revision(change.getRevision()));
        }
        cursor = batch.getToRevision();
      }
      unacknowledged++;
      unacknowledgedBytes += response.getBatch().getBatch().size();
      if (unacknowledged >= CREDITS / 2
          || unacknowledgedBytes >= MOST_UNACKNOWLEDGED_BYTES
          || System.nanoTime() - acknowledgedNanos >= LONGEST_UNACKNOWLEDGED_NANOS) {
        acknowledge();
      }
    }

    private void acknowledge() {
      unacknowledged = 0;
      unacknowledgedBytes = 0;
      acknowledgedNanos = System.nanoTime();
      requests.onNext(StreamRequest.newBuilder()
          .setAcknowledge(StreamRequest.Acknowledge.newBuilder()
              .setReport(Report.newBuilder().setCursor(cursor)))
          .build());
    }

    @Override
    public void onError(Throwable error) {
      if (!closed) {
        inPlace.completeExceptionally(error);
        seat.ended(error);
      }
    }

    @Override
    public void onCompleted() {
      onError(new IllegalStateException("the stream ended"));
    }
  }
}
