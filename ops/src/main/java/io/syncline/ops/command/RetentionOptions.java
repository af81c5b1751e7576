package io.syncline.ops.command;

import io.syncline.model.NamespaceSettings;
import io.syncline.ops.UsageException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How long superseded versions are kept. */
final class RetentionOptions {
  @Option(
      names = "--retain-age",
      paramLabel = "DURATION",
      description = "Versions superseded longer ago may go; 0 keeps them for ever.")
  @Nullable
  Duration age;

  @Option(
      names = "--retain-versions",
      paramLabel = "N",
      description = "Versions of a key beyond this many may go; 0 keeps all.")
  @Nullable
  Long versions;

  boolean given() {
    return age != null || versions != null;
  }

  void check() {
    if (versions != null && versions < 0) {
      throw new UsageException("--retain-versions: " + versions + " (expected: >= 0)");
    }
  }

  /** What is not given stays as it is. */
  NamespaceSettings over(NamespaceSettings settings) {
    return new NamespaceSettings(
        age == null ? settings.retainAge() : age,
        versions == null ? settings.retainVersions() : versions);
  }
}
