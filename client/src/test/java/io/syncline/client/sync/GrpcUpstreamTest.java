package io.syncline.client.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.syncline.model.Endpoint;
import io.syncline.proto.sync.v1.BatchFrame;
import io.syncline.proto.sync.v1.StreamRequest;
import io.syncline.proto.sync.v1.StreamResponse;
import io.syncline.proto.sync.v1.SyncServiceGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class GrpcUpstreamTest {
  private static final int MESSAGES = 200;

  /** A loop that does nothing until it is told to. */
  private static final class HeldLoop implements Loop {
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    @Override
    public void execute(Runnable task) {
      tasks.add(task);
    }

    @Override
    public long nowMs() {
      return 0;
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
      return () -> {};
    }

    void runAll() {
      for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
        task.run();
      }
    }
  }

  /** Sends messages of 256 KiB as long as the connection takes them. */
  private static final class Pushing extends SyncServiceGrpc.SyncServiceImplBase {
    private final AtomicInteger sent = new AtomicInteger();

    @Override
    public StreamObserver<StreamRequest> stream(StreamObserver<StreamResponse> caller) {
      var stream = (ServerCallStreamObserver<StreamResponse>) caller;
      var large = StreamResponse.newBuilder()
          .setBatch(BatchFrame.newBuilder().setBatch(ByteString.copyFrom(new byte[256 << 10])))
          .build();
      stream.setOnReadyHandler(() -> {
        while (stream.isReady() && sent.get() < MESSAGES) {
          sent.incrementAndGet();
          stream.onNext(large);
        }
      });
      return new StreamObserver<>() {
        @Override
        public void onNext(StreamRequest message) {}

        @Override
        public void onError(Throwable error) {}

        @Override
        public void onCompleted() {}
      };
    }
  }

  @Test
  void aLoopThatIsBehindSlowsTheSenderDownInsteadOfGatheringItsMessages() throws IOException {
    var pushing = new Pushing();
    var loop = new HeldLoop();
    var received = new AtomicInteger();
    Server server = NettyServerBuilder.forAddress(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .addService(pushing)
        .build()
        .start();
    try (var upstream = new GrpcUpstream(new Endpoint("127.0.0.1", server.getPort()), loop)) {
      upstream.stream(new Upstream.Answer<StreamResponse>() {
        @Override
        public void message(StreamResponse message) {
          received.incrementAndGet();
        }

        @Override
        public void ended(@Nullable Throwable error) {}
      });

      await().until(() -> loop.tasks.size() == GrpcUpstream.TAKEN_AHEAD);
      await().during(Duration.ofMillis(300)).until(() -> pushing.sent.get() < MESSAGES);
      assertThat(loop.tasks).hasSize(GrpcUpstream.TAKEN_AHEAD);

      await().until(() -> {
        loop.runAll();
        return received.get() == MESSAGES;
      });
    } finally {
      server.shutdownNow();
    }
  }
}
