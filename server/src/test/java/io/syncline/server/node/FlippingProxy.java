package io.syncline.server.node;

import io.syncline.model.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A network between a follower and what it follows that flips a bit, once, of what comes down: of the
 * last byte of a marker, wherever it first comes along in one piece.
 */
final class FlippingProxy implements AutoCloseable {
  private final Endpoint target;
  private final byte[] marker;
  private final ServerSocket server;
  private final AtomicInteger left = new AtomicInteger(1);
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();

  FlippingProxy(Endpoint target, byte[] marker) {
    this.target = target;
    this.marker = marker.clone();
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    begin("flipping-proxy", this::accept);
  }

  Endpoint endpoint() {
    return new Endpoint("127.0.0.1", server.getLocalPort());
  }

  /** Whether it has done it. */
  boolean flipped() {
    return left.get() == 0;
  }

  private static void begin(String name, Runnable task) {
    var thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (!server.isClosed()) {
        Socket near = server.accept();
        var far = new Socket(target.host(), target.port());
        sockets.add(near);
        sockets.add(far);
        begin("flipping-proxy-up", () -> pass(near, far, false));
        begin("flipping-proxy-down", () -> pass(far, near, true));
      }
    } catch (IOException e) {
      close();
    }
  }

  private void pass(Socket from, Socket to, boolean flipping) {
    byte[] buffer = new byte[64 << 10];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (flipping) {
          flip(buffer, read);
        }
        out.write(buffer, 0, read);
      }
    } catch (IOException e) {
      // one side is gone: so is the other, then
    }
  }

  private void flip(byte[] buffer, int length) {
    for (int at = 0; at + marker.length <= length; at++) {
      boolean found = Arrays.equals(buffer, at, at + marker.length, marker, 0, marker.length);
      if (found && left.compareAndSet(1, 0)) {
        buffer[at + marker.length - 1] ^= 1;
        return;
      }
    }
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
