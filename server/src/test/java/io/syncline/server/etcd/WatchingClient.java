package io.syncline.server.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import io.syncline.proto.etcd.kv.Event;
import io.syncline.proto.etcd.v3.WatchCancelRequest;
import io.syncline.proto.etcd.v3.WatchCreateRequest;
import io.syncline.proto.etcd.v3.WatchGrpc;
import io.syncline.proto.etcd.v3.WatchProgressRequest;
import io.syncline.proto.etcd.v3.WatchRequest;
import io.syncline.proto.etcd.v3.WatchResponse;
import io.syncline.server.LocalCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One stream of watches, as a client of etcd has it. Takes a response when it is asked for one. */
final class WatchingClient implements ClientResponseObserver<WatchRequest, WatchResponse> {
  private final LinkedBlockingQueue<WatchResponse> responses = new LinkedBlockingQueue<>();
  private final CompletableFuture<Status> ended = new CompletableFuture<>();
  private @Nullable ClientCallStreamObserver<WatchRequest> requests;

  static WatchingClient of(Channel channel) {
    var client = new WatchingClient();
    var unused = WatchGrpc.newStub(channel).watch(client);
    return client;
  }

  static WatchingClient of(Channel channel, String progressIntervalMs) {
    var headers = new Metadata();
    headers.put(
        Metadata.Key.of("syncline-progress-interval-ms", Metadata.ASCII_STRING_MARSHALLER),
        progressIntervalMs);
    return of(
        ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers)));
  }

  static WatchCreateRequest.Builder key(String key) {
    return WatchCreateRequest.newBuilder().setKey(ByteString.copyFromUtf8(key));
  }

  /** Every key there is. */
  static WatchCreateRequest.Builder everything() {
    return WatchCreateRequest.newBuilder().setRangeEnd(ByteString.copyFrom(new byte[1]));
  }

  static WatchCreateRequest.Builder prefix(String prefix) {
    char next = (char) (prefix.charAt(prefix.length() - 1) + 1);
    return key(prefix)
        .setRangeEnd(ByteString.copyFromUtf8(prefix.substring(0, prefix.length() - 1) + next));
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<WatchRequest> stream) {
    requests = stream;
    stream.disableAutoRequestWithInitial(0);
  }

  @Override
  public void onNext(WatchResponse response) {
    responses.add(response);
  }

  @Override
  public void onError(Throwable error) {
    ended.complete(Status.fromThrowable(error));
  }

  @Override
  public void onCompleted() {
    ended.complete(Status.OK);
  }

  private ClientCallStreamObserver<WatchRequest> requests() {
    ClientCallStreamObserver<WatchRequest> known = requests;
    if (known == null) {
      throw new AssertionError("not begun");
    }
    return known;
  }

  void create(WatchCreateRequest.Builder request) {
    requests().onNext(WatchRequest.newBuilder().setCreateRequest(request).build());
  }

  /** Creates, and takes the answer. */
  WatchResponse created(WatchCreateRequest.Builder request) {
    create(request);
    WatchResponse response = next();
    assertThat(response.getCreated()).isTrue();
    return response;
  }

  void cancel(long id) {
    requests()
        .onNext(WatchRequest.newBuilder()
            .setCancelRequest(WatchCancelRequest.newBuilder().setWatchId(id))
            .build());
  }

  void askForProgress() {
    requests()
        .onNext(WatchRequest.newBuilder()
            .setProgressRequest(WatchProgressRequest.getDefaultInstance())
            .build());
  }

  void halfClose() {
    requests().onCompleted();
  }

  void leave() {
    requests().cancel("the test is over", null);
  }

  /** The next response; waits for it. */
  WatchResponse next() {
    requests().request(1);
    try {
      WatchResponse response = responses.poll(LocalCluster.PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (response == null) {
        throw new AssertionError("no response; ended: " + ended.getNow(null));
      }
      return response;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** All responses up to the first that is meant, that one included. */
  List<WatchResponse> until(Predicate<WatchResponse> meant) {
    var taken = new ArrayList<WatchResponse>();
    do {
      taken.add(next());
    } while (!meant.test(taken.get(taken.size() - 1)));
    return taken;
  }

  /** As many events as that, or a few more. */
  List<Event> events(int count) {
    var events = new ArrayList<Event>();
    while (events.size() < count) {
      events.addAll(next().getEventsList());
    }
    return events;
  }

  Status end() {
    requests().request(1);
    return ended.orTimeout(LocalCluster.PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }
}
