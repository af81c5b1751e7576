package io.syncline.ops.command;

import io.syncline.conflict.Strategy;
import io.syncline.model.OnConflict;
import io.syncline.ops.UsageException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What to do if the key has changed since the version that a write was made from. */
final class OnConflictOption {
  @Option(
      names = "--on-conflict",
      paramLabel = "STRATEGY",
      description =
          "If the key has changed: reject, accept-source (keep what is there), accept-target (write"
              + " this), merge, manual, or custom:NAME. Default: the namespace's setting.")
  @Nullable
  String strategy;

  /**
   * @param hasBase whether the write says what it was made from
   */
  void check(boolean hasBase) {
    if (strategy == null) {
      return;
    }
    try {
      Strategy.parse(strategy);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--on-conflict: " + e.getMessage());
    }
    if (!hasBase) {
      throw new UsageException("--on-conflict: it is not known what the write was made from"
          + " (expected: --if-version, --if-revision or --if-absent)");
    }
  }

  Optional<OnConflict> onConflict() {
    return Optional.ofNullable(strategy).map(OnConflict::by);
  }

  String text() {
    return strategy == null ? "" : strategy;
  }
}
