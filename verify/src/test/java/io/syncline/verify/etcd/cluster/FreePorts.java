package io.syncline.verify.etcd.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Ports on which nobody listens now. */
public final class FreePorts {
  // Below where systems take the ports of outgoing connections from: one of those could otherwise
  // have the port of a member that is down for a moment.
  private static final int FIRST = 12_000;
  private static final int LAST = 31_000;

  private FreePorts() {}

  /** So many of them, all different. */
  public static List<Integer> take(int count) {
    var ports = new ArrayList<Integer>();
    while (ports.size() < count) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
      try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        if (!ports.contains(socket.getLocalPort())) {
          ports.add(socket.getLocalPort());
        }
      } catch (IOException e) {
        // taken: try another
      }
    }
    return ports;
  }
}
