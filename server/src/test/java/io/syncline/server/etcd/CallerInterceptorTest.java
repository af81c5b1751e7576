package io.syncline.server.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.syncline.model.AuthChange.AddRole;
import io.syncline.model.AuthChange.AddUser;
import io.syncline.model.AuthChange.Enable;
import io.syncline.model.AuthChange.GrantRole;
import io.syncline.model.AuthState;
import io.syncline.model.AuthUser;
import io.syncline.model.PasswordHash;
import io.syncline.model.TokenKey;
import io.syncline.proto.etcd.v3.AlarmRequest;
import io.syncline.proto.etcd.v3.AlarmResponse;
import io.syncline.proto.etcd.v3.MaintenanceGrpc;
import io.syncline.proto.etcd.v3.MaintenanceGrpc.MaintenanceBlockingStub;
import io.syncline.proto.etcd.v3.MaintenanceGrpc.MaintenanceImplBase;
import io.syncline.proto.etcd.v3.ResponseHeader;
import io.syncline.proto.etcd.v3.StatusRequest;
import io.syncline.proto.etcd.v3.StatusResponse;
import io.syncline.server.rpc.Answers;
import java.io.IOException;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who calls, at a voter that may know less than the one that made the token. */
class CallerInterceptorTest {
  private static final TokenKey KEY = new TokenKey(ByteString.copyFrom(new byte[32]));
  private static final AuthState OLD = AuthState.INITIAL
      .apply(new AddUser(AuthUser.ROOT, hash()))
      .apply(new GrantRole(AuthUser.ROOT, "root"))
      .apply(new Enable(KEY));
  private static final AuthState NEW = OLD.apply(new AddUser("bob", hash()));

  private final AtomicReference<AuthState> state = new AtomicReference<>(OLD);
  private final AtomicReference<AuthState> reached = new AtomicReference<>(NEW);
  private final Tokens tokens = new Tokens(Clock.systemUTC());
  private final AtomicReference<Caller> seen = new AtomicReference<>(Caller.NOBODY);
  private Server server;
  private ManagedChannel channel;

  private static PasswordHash hash() {
    return new PasswordHash(1, ByteString.copyFromUtf8("salt"), ByteString.copyFromUtf8("hash"));
  }

  /** Answers, and remembers who asked. */
  private final class Remembering extends MaintenanceImplBase {
    @Override
    public void alarm(AlarmRequest request, StreamObserver<AlarmResponse> caller) {
      seen.set(Caller.current());
      caller.onNext(AlarmResponse.newBuilder()
          .setHeader(ResponseHeader.getDefaultInstance())
          .build());
      caller.onCompleted();
    }

    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> caller) {
      seen.set(Caller.current());
      caller.onNext(StatusResponse.getDefaultInstance());
      caller.onCompleted();
    }
  }

  @BeforeEach
  void serve() throws IOException {
    var answers = new Answers(Runnable::run, fault -> {}, EtcdStatus::of);
    var callers = new CallerInterceptor(
        state::get,
        revision -> CompletableFuture.runAsync(this::catchUp),
        tokens,
        Runnable::run,
        answers);
    server = NettyServerBuilder.forPort(0)
        .addService(ServerInterceptors.intercept(new Remembering(), callers))
        .build()
        .start();
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
        .usePlaintext()
        .build();
  }

  private void catchUp() {
    state.set(reached.get());
  }

  @AfterEach
  void close() {
    channel.shutdownNow();
    server.shutdownNow();
  }

  private MaintenanceBlockingStub with(String token) {
    var headers = new Metadata();
    headers.put(Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER), token);
    return MaintenanceGrpc.newBlockingStub(channel)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  private String tokenOf(String name, AuthState known) {
    return tokens.issue(Objects.requireNonNull(NEW.user(name)), known.revision(), KEY);
  }

  @Test
  void aTokenThatIsYoungerThanWhatTheVoterKnowsIsWaitedFor() {
    assertThat(
            with(tokenOf("bob", NEW)).alarm(AlarmRequest.getDefaultInstance()).hasHeader())
        .isTrue();
    assertThat(seen.get()).isEqualTo(new Caller("bob", NEW.revision()));
  }

  @Test
  void aTokenOfWhatTheVoterKnowsIsNot() {
    var unused = with(tokenOf(AuthUser.ROOT, OLD)).alarm(AlarmRequest.getDefaultInstance());

    assertThat(seen.get()).isEqualTo(new Caller(AuthUser.ROOT, OLD.revision()));
  }

  @Test
  void whatIsNotGoodAfterTheWaitIsRefused() {
    AuthState newer = OLD.apply(new AddRole("r")).apply(new AddRole("s"));
    reached.set(newer);

    assertThatThrownBy(() -> with(tokenOf("bob", newer)).alarm(AlarmRequest.getDefaultInstance()))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessage("UNAUTHENTICATED: etcdserver: invalid auth token");
    assertThat(state.get()).isSameAs(newer);
  }

  @Test
  void whatIsOpenToAllAsksForNothing() {
    var unused = with("no token").status(StatusRequest.getDefaultInstance());

    assertThat(seen.get()).isEqualTo(Caller.UNPROVEN);
    assertThat(state.get()).isSameAs(OLD);
  }
}
