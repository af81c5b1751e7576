package io.syncline.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** How much memory a process of this machine holds, by the tables of Linux. */
public final class ResidentMemory {
  private static final String FIELD = "VmRSS:";
  private static final int KIB = 1024;

  private ResidentMemory() {}

  /** In bytes; zero if the process is gone or this is not Linux. */
  public static long ofBytes(ProcessHandle process) {
    try (Stream<String> lines =
        Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
      return lines
          .filter(line -> line.startsWith(FIELD))
          .mapToLong(line ->
              Long.parseLong(line.substring(FIELD.length()).replace("kB", "").strip()) * KIB)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }
}
