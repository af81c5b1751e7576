package io.syncline.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

final class ListenerTest {
  @Test
  void theProcessThatListensIsFoundByItsPort() throws IOException {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
      assertThat(Listener.on(port)).contains(ProcessHandle.current());
    }

    assertThat(Listener.on(port)).isEmpty();
  }
}
