package io.syncline.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the process that listens on a TCP port of this machine, by the tables of Linux. */
public final class Listener {
  private static final List<Path> TABLES =
      List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
  private static final int LOCAL = 1;
  private static final int STATE = 3;
  private static final int INODE = 9;
  private static final String LISTENING = "0A";

  private Listener() {}

  /** Empty if nobody does, or the process belongs to another user, or this is not Linux. */
  public static Optional<ProcessHandle> on(int port) {
    return TABLES.stream()
        .flatMap(table -> inode(table, port).stream())
        .flatMap(inode -> holder("socket:[" + inode + "]").stream())
        .findFirst();
  }

  private static Optional<String> inode(Path table, int port) {
    String local = String.format(Locale.ROOT, ":%04X", port);
    try (Stream<String> lines = Files.lines(table)) {
      return lines
          .map(line -> line.strip().split("\\s+", -1))
          .filter(fields -> fields.length > INODE
              && fields[LOCAL].endsWith(local)
              && fields[STATE].equals(LISTENING))
          .map(fields -> fields[INODE])
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<ProcessHandle> holder(String socket) {
    return ProcessHandle.allProcesses()
        .filter(process -> holds(process, socket))
        .findFirst();
  }

  private static boolean holds(ProcessHandle process, String socket) {
    try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(process.pid()), "fd"))) {
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
