package io.syncline.ops.command;

import io.syncline.model.Consistency;
import io.syncline.model.Revision;
import io.syncline.ops.UsageException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** How fresh a read must be: at most one of three ways to say it. */
final class ConsistencyOptions {
  @ArgGroup(exclusive = true)
  @Nullable
  Choice choice;

  enum Level {
    LINEARIZABLE,
    ANY
  }

  static final class Choice {
    @Option(
        names = "--consistency",
        paramLabel = "linearizable|any",
        description =
            "linearizable: reflects every write acknowledged before. any: what the asked voter has."
                + " Default: linearizable.")
    @Nullable
    Level level;

    @Option(
        names = "--min-revision",
        paramLabel = "N",
        description = "Any voter that has applied this revision may answer.")
    @Nullable
    Revision minRevision;

    @Option(
        names = "--max-staleness",
        paramLabel = "DURATION",
        description = "Any voter that heard from the leader within this time may answer.")
    @Nullable
    Duration maxStaleness;
  }

  Consistency consistency() {
    if (choice == null) {
      return Consistency.LINEARIZABLE;
    }
    if (choice.minRevision != null) {
      return new Consistency.AtLeast(choice.minRevision);
    }
    if (choice.maxStaleness != null) {
      if (choice.maxStaleness.toMillis() < 1) {
        throw new UsageException("--max-staleness: 0 (expected: >= 1ms; or --consistency any)");
      }
      return new Consistency.Stale(choice.maxStaleness);
    }
    return choice.level == Level.ANY ? Consistency.ANY : Consistency.LINEARIZABLE;
  }
}
