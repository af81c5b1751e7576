package io.syncline.bench;

import io.syncline.bench.load.Clock;
import io.syncline.bench.load.Load;
import io.syncline.bench.load.Measurement;
import io.syncline.bench.load.Progress;
import io.syncline.bench.load.Run;
import io.syncline.bench.load.Workload;
import io.syncline.bench.result.ResultTable;
import io.syncline.bench.result.Row;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** The runs of one command; prints each as it ends. */
final class Session {
  private final PrintWriter out;
  private final Progress progress;
  private final List<Row> rows = new ArrayList<>();

  Session(PrintWriter out, Progress progress) {
    this.out = out;
    this.progress = progress;
  }

  Row run(String name, Load load, Workload workload) {
    Measurement measured = Run.measure(Clock.SYSTEM, load, workload, progress);
    var row = new Row(name, load, measured);
    add(row);
    return row;
  }

  void add(Row row) {
    if (rows.isEmpty()) {
      out.println(ResultTable.header());
    }
    out.println(ResultTable.row(row));
    row.measurement().errors().forEach((kind, n) -> out.printf("  %,d x %s%n", n, kind));
    out.flush();
    rows.add(row);
  }

  Progress progress() {
    return progress;
  }

  PrintWriter out() {
    return out;
  }

  List<Row> rows() {
    return List.copyOf(rows);
  }

  /** Done, unless a run had not a single success. */
  int exitCode() {
    boolean nothing = rows.stream().anyMatch(row -> row.measurement().operations() == 0);
    return nothing ? ExitCode.UNAVAILABLE : ExitCode.DONE;
  }
}
