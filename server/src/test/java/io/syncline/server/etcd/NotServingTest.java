package io.syncline.server.etcd;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.syncline.model.NamespaceName;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.proto.etcd.v3.KVGrpc;
import io.syncline.proto.etcd.v3.RangeRequest;
import io.syncline.server.admission.Limits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A voter whose doors are open, and that does not serve yet. */
class NotServingTest {
  @TempDir
  Path folder;

  @Test
  void clientsAreToldToTryAgain() throws IOException {
    String name = InProcessServerBuilder.generateName();
    try (var services = new EtcdServices(
        () -> {
          throw new RejectedException(Rejection.of(Reason.NOT_READY, "it reads its log"));
        },
        new NamespaceName("etcd"),
        Limits.forContent(1 << 20),
        Duration.ofSeconds(1),
        Optional::empty,
        folder,
        fault -> {
          throw fault;
        })) {
      Server server = InProcessServerBuilder.forName(name)
          .addServices(services.definitions())
          .build()
          .start();
      ManagedChannel channel = InProcessChannelBuilder.forName(name).build();
      try {
        var kv = KVGrpc.newBlockingStub(channel);
        RangeRequest request =
            RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8("k")).build();
        assertThatThrownBy(() -> kv.range(request))
            .isInstanceOf(StatusRuntimeException.class)
            .hasMessage("UNAVAILABLE: etcdserver: it reads its log");
      } finally {
        channel.shutdownNow();
        server.shutdownNow();
      }
    }
  }
}
