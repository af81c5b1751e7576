package io.syncline.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;

/** Ports of the loopback interface on which nobody listens now. */
public final class FreePorts {
  // Below where systems take the ports of outgoing connections from: one of those could otherwise
  // have the port of a member that is down for a moment.
  private static final int FIRST = 12_000;
  private static final int LAST = 31_000;

  private static final int MAX_TRIES_FOR_EACH = 1000;

  private FreePorts() {}

  /**
   * So many of them, all different.
   *
   * @throws UncheckedIOException if none is found
   */
  public static List<Integer> take(int count) {
    var ports = new TreeSet<Integer>();
    while (ports.size() < count) {
      ports.add(free());
    }
    return List.copyOf(ports);
  }

  private static int free() {
    for (int tries = 1; ; tries++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
      try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException e) {
        if (tries == MAX_TRIES_FOR_EACH) {
          throw new UncheckedIOException("no free port from " + FIRST + " to " + LAST, e);
        }
      }
    }
  }
}
