package io.syncline.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the process that holds a TCP socket of this machine, by the tables of Linux. */
final class SocketOwner {
  private static final List<Path> TABLES =
      List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
  private static final int LOCAL = 1;
  private static final int REMOTE = 2;
  private static final int INODE = 9;

  private SocketOwner() {}

  /** Which of these processes holds the socket from this local port to that remote one. */
  static Optional<String> of(int localPort, int remotePort, Map<String, Long> pids)
      throws IOException {
    for (Path table : TABLES) {
      if (Files.exists(table)) {
        for (String line : Files.readAllLines(table)) {
          String[] fields = line.strip().split("\\s+", -1);
          if (fields.length > INODE
              && fields[LOCAL].endsWith(hex(localPort))
              && fields[REMOTE].endsWith(hex(remotePort))) {
            return holder("socket:[" + fields[INODE] + "]", pids);
          }
        }
      }
    }
    return Optional.empty();
  }

  private static String hex(int port) {
    return String.format(Locale.ROOT, ":%04X", port);
  }

  private static Optional<String> holder(String socket, Map<String, Long> pids) {
    return pids.entrySet().stream()
        .filter(entry -> holds(entry.getValue(), socket))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private static boolean holds(long pid, String socket) {
    try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      return files.anyMatch(file -> pointsTo(file, socket));
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean pointsTo(Path file, String socket) {
    try {
      return Files.readSymbolicLink(file).toString().equals(socket);
    } catch (IOException e) {
      // closed meanwhile
      return false;
    }
  }
}
