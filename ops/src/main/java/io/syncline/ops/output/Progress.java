package io.syncline.ops.output;

import java.io.PrintStream;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Tells on standard error how far a long task is: a bar on a terminal, else a line each five
 * seconds. For one thread.
 */
public final class Progress implements AutoCloseable {
  private static final long LINE_INTERVAL_NANOS = 5_000_000_000L;
  private static final int BAR_INTERVAL_MILLIS = 100;
  private static final int BAR_WIDTH_COLUMNS = 100;

  private final String task;
  private final String unit;
  private final long total;
  private final PrintStream err;
  private final LongSupplier nanoTime;
  private final @Nullable ProgressBar bar;
  private long done;
  private long lastLineNanos;

  Progress(
      String task,
      String unit,
      long total,
      PrintStream err,
      LongSupplier nanoTime,
      @Nullable ProgressBar bar) {
    this.task = task;
    this.unit = unit;
    this.total = total;
    this.err = err;
    this.nanoTime = nanoTime;
    this.bar = bar;
    this.lastLineNanos = nanoTime.getAsLong();
  }

  /**
   * @param unit of what is counted, plural
   * @param total how many there are
   */
  public static Progress start(Terminal terminal, String task, String unit, long total) {
    ProgressBar bar = terminal.errIsTerminal()
        ? new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(total)
            .setUpdateIntervalMillis(BAR_INTERVAL_MILLIS)
            .setStyle(ProgressBarStyle.ASCII)
            .setConsumer(new ConsoleProgressBarConsumer(terminal.err(), BAR_WIDTH_COLUMNS))
            .build()
        : null;
    return new Progress(task, unit, total, terminal.err(), System::nanoTime, bar);
  }

  public void advanceTo(long count) {
    done = count;
    if (bar != null) {
      bar.stepTo(count);
    } else if (nanoTime.getAsLong() - lastLineNanos >= LINE_INTERVAL_NANOS) {
      lastLineNanos = nanoTime.getAsLong();
      err.println(task + ": " + done + " of " + total + " " + unit);
    }
  }

  public void step() {
    advanceTo(done + 1);
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
