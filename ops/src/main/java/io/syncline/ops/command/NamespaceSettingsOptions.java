package io.syncline.ops.command;

import io.syncline.conflict.Strategy;
import io.syncline.model.NamespaceSettings;
import io.syncline.ops.UsageException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How long superseded versions are kept, and what is done about conflicts. */
final class NamespaceSettingsOptions {
  private static final String NO_STRATEGY = "none";

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

  @Option(
      names = "--on-conflict",
      paramLabel = "STRATEGY",
      description =
          "For conditional writes to a key that has changed: reject, accept-source, accept-target,"
              + " merge, manual, custom:NAME; none: they are refused, and nothing is recorded.")
  @Nullable
  String onConflict;

  @Option(
      names = "--list-keys",
      paramLabel = "NAME[,…]",
      split = ",",
      description =
          "Fields that tell the objects of a list apart when it is merged. Default: name,id,key.")
  @Nullable
  List<String> listKeys;

  boolean given() {
    return age != null || versions != null || onConflict != null || listKeys != null;
  }

  void check() {
    if (versions != null && versions < 0) {
      throw new UsageException("--retain-versions: " + versions + " (expected: >= 0)");
    }
    if (onConflict != null && !onConflict.equals(NO_STRATEGY)) {
      try {
        Strategy.parse(onConflict);
      } catch (IllegalArgumentException e) {
        throw new UsageException("--on-conflict: " + e.getMessage());
      }
    }
  }

  /** What is not given stays as it is. */
  NamespaceSettings over(NamespaceSettings settings) {
    return new NamespaceSettings(
        age == null ? settings.retainAge() : age,
        versions == null ? settings.retainVersions() : versions,
        onConflict == null
            ? settings.onConflict()
            : onConflict.equals(NO_STRATEGY) ? "" : onConflict,
        listKeys == null ? settings.listKeys() : listKeys);
  }
}
