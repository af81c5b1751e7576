package io.syncline.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Processor time used on this machine, as Linux counts it. */
public final class Processors {
  private static final Path STAT = Path.of("/proc/stat");

  /** The kernel counts in hundredths of a second, whatever its own clock does. */
  private static final int MILLIS_PER_TICK = 10;

  /** Of the columns after the name; time of guests is part of user time. */
  private static final int IDLE = 3;

  private static final int IO_WAIT = 4;
  private static final int COLUMNS = 8;

  private Processors() {}

  /** Of all programs and the kernel, since the machine started; zero where that is not told. */
  public static Duration busy() {
    try (var lines = Files.lines(STAT)) {
      return lines.findFirst().map(Processors::busy).orElse(Duration.ZERO);
    } catch (IOException e) {
      return Duration.ZERO;
    }
  }

  /** Of this program. */
  public static Duration own() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /**
   * @param line such as {@code cpu  user nice system idle iowait irq softirq steal guest …}
   */
  static Duration busy(String line) {
    List<Long> ticks = Arrays.stream(line.split(" +"))
        .skip(1)
        .limit(COLUMNS)
        .map(Long::valueOf)
        .toList();
    long all = ticks.stream().mapToLong(Long::longValue).sum();
    return Duration.ofMillis((all - ticks.get(IDLE) - ticks.get(IO_WAIT)) * MILLIS_PER_TICK);
  }
}
