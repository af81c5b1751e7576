package io.syncline.verify;

import io.syncline.model.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The network between voters: each connection to a voter's Raft port passes through here, and each
 * direction between two voters can be cut.
 *
 * <p>A cut holds bytes back and closes nothing, as a network does that loses packets; what was held
 * back arrives after the cut is healed. Clients are not concerned.
 *
 * <p>All voters know one another by the same addresses: Ratis keeps a leader's list of them in the
 * log, so that a list of one's own would not stay one's own. Who opened a connection is told by the
 * owner of its socket, which Linux knows.
 */
final class RaftNetwork implements AutoCloseable {
  /** One direction between two voters. */
  record Link(String from, String to) {}

  private static final int BUFFER_BYTES = 1 << 16;

  private final Supplier<Map<String, Long>> pids;
  private final Set<Link> cut = new HashSet<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private boolean closed;

  /**
   * @param pids the processes of the voters, by name
   */
  RaftNetwork(Supplier<Map<String, Long>> pids) {
    this.pids = pids;
  }

  /** Opens the way to a voter; returns where the others find it. */
  Endpoint entryTo(String voter, int port) {
    try {
      var entry = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
      keep(entry);
      run("entry-" + voter, () -> acceptAll(entry, voter, port));
      return new Endpoint("127.0.0.1", entry.getLocalPort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  synchronized void cut(Link link) {
    cut.add(link);
  }

  synchronized void heal() {
    cut.clear();
    notifyAll();
  }

  private void acceptAll(ServerSocket entry, String voter, int port) {
    while (!entry.isClosed()) {
      try {
        Socket inbound = entry.accept();
        Optional<String> caller =
            SocketOwner.of(inbound.getPort(), entry.getLocalPort(), pids.get());
        if (caller.isPresent()) {
          connect(inbound, caller.get(), voter, port);
        } else {
          inbound.close();
        }
      } catch (IOException | UncheckedIOException e) {
        // this connection has failed, or the entry was closed
      }
    }
  }

  private void connect(Socket inbound, String caller, String voter, int port) throws IOException {
    keep(inbound);
    // Connecting would tell the caller whether the voter lives: a cut network does not.
    run(caller + "-" + voter, () -> {
      awaitOpen(new Link(caller, voter));
      try {
        var outbound = new Socket(InetAddress.getLoopbackAddress(), port);
        keep(outbound);
        inbound.setTcpNoDelay(true);
        outbound.setTcpNoDelay(true);
        run(voter + "-" + caller, () -> pump(outbound, inbound, new Link(voter, caller)));
        pump(inbound, outbound, new Link(caller, voter));
      } catch (IOException e) {
        close(inbound);
      }
    });
  }

  private void pump(Socket from, Socket to, Link link) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        awaitOpen(link);
        out.write(buffer, 0, read);
      }
    } catch (IOException e) {
      // one end is gone: the other one is told below
    } finally {
      awaitOpen(link);
      close(from);
      close(to);
    }
  }

  private synchronized void awaitOpen(Link link) {
    try {
      while (cut.contains(link) && !closed) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void keep(AutoCloseable socket) {
    open.removeIf(other -> other instanceof Socket s && s.isClosed());
    open.add(socket);
  }

  private static void run(String name, Runnable task) {
    var thread = new Thread(task, "network-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void close(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception e) {
      // nothing more can be done about it
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
    open.forEach(RaftNetwork::close);
  }
}
