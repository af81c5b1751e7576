package io.syncline.bench;

import io.syncline.bench.load.Progress;
import io.syncline.bench.result.BenchRecord;
import io.syncline.bench.result.JsonFile;
import io.syncline.bench.result.Provenance;
import io.syncline.bench.result.Row;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Where results go besides the table. */
final class OutputOptions {
  @Option(
      names = "--record",
      paramLabel = "FILE",
      description = "Keeps the result with all percentiles, the machine and the commit as JSON.")
  private @Nullable Path record;

  @Option(names = "--progress", description = "Tells once a second how it goes.")
  private boolean progress;

  Progress progress(PrintWriter err) {
    if (!progress) {
      return Progress.NONE;
    }
    return (elapsed, warmingUp, interval, errors) -> {
      String state = warmingUp
          ? "warming up"
          : "%,d in the last second, p99 %.2f ms, %d errors"
              .formatted(interval.getTotalCount(), interval.getValueAtPercentile(99) / 1e6, errors);
      err.println("%4d s  %s".formatted(elapsed.toSeconds(), state));
      err.flush();
    };
  }

  /** Writes the record if one was asked for. */
  void keep(
      CommandSpec spec,
      String target,
      long seed,
      Map<String, Long> settings,
      List<Row> rows,
      Map<String, Long> findings)
      throws IOException {
    if (record != null) {
      List<String> command = spec.root().commandLine().getParseResult().originalArgs();
      var provenance = Provenance.observe(command, Path.of("."));
      JsonFile.write(
          record,
          new BenchRecord(spec.name(), target, provenance, seed, settings, rows, findings)
              .toJson());
    }
  }
}
