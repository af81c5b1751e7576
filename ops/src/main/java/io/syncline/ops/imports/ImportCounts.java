package io.syncline.ops.imports;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** Counts while an import runs. For any thread. */
final class ImportCounts {
  final LongAdder versions = new LongAdder();
  final LongAdder unchanged = new LongAdder();
  final LongAdder alreadyImported = new LongAdder();
  final LongAdder deletesOfNothing = new LongAdder();
  final LongAdder bytes = new LongAdder();

  ImportReport report(boolean dryRun, ImportPlan plan, Duration duration) {
    return new ImportReport(
        dryRun,
        plan.lineCount(),
        plan.keys().size(),
        versions.sum(),
        unchanged.sum(),
        alreadyImported.sum(),
        deletesOfNothing.sum(),
        bytes.sum(),
        duration);
  }
}
