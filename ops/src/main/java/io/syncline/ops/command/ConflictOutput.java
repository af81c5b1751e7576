package io.syncline.ops.command;

import io.syncline.model.Checksum;
import io.syncline.model.Conflict;
import io.syncline.model.Version;
import io.syncline.ops.output.KeyText;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Shows conflicts. */
final class ConflictOutput {
  private ConflictOutput() {}

  static String type(Conflict conflict) {
    return name(conflict.type());
  }

  static String state(Conflict conflict) {
    return name(conflict.state());
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static String version(Version version) {
    return version.exists() ? version.toString() : "none";
  }

  static String from(Conflict conflict) {
    return conflict.node().isEmpty() ? "-" : conflict.node();
  }

  /** In one line, as a watch tells it. */
  static String line(Conflict conflict, KeyText keys) {
    return "%s conflict %d: %s %s in %s, base %s, ours %s, by %s%s: %s (%s)"
        .formatted(
            conflict.detectedAt(),
            conflict.id(),
            state(conflict),
            keys.show(conflict.key()),
            conflict.namespace(),
            version(conflict.base()),
            version(conflict.ours()),
            conflict.actor().name(),
            conflict.node().isEmpty() ? "" : " at " + conflict.node(),
            conflict.strategy(),
            conflict.detail());
  }

  static String closing(Conflict conflict) {
    Conflict.Closing closing = conflict.closing();
    if (closing == null) {
      return "waits";
    }
    String became = closing.version().exists()
        ? "version " + closing.version() + " at revision " + closing.revision()
        : "nothing was written";
    return became + ", by " + closing.by().name() + " at " + closing.at();
  }

  static Map<String, Object> fields(Conflict conflict, KeyText keys) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("id", conflict.id());
    fields.put("type", type(conflict));
    fields.put("state", state(conflict));
    fields.put("namespace", conflict.namespace().value());
    fields.put("key", keys.show(conflict.key()));
    fields.put("base_version", conflict.base().value());
    fields.put("ours_version", conflict.ours().value());
    Checksum theirs = conflict.theirs();
    fields.put("theirs_checksum", theirs == null ? "" : theirs.toString());
    fields.put("node", conflict.node());
    fields.put("actor", conflict.actor().name());
    fields.put("reason", conflict.reason());
    fields.put("detected_at", conflict.detectedAt().toString());
    fields.put("strategy", conflict.strategy());
    fields.put("detail", conflict.detail());
    fields.put(
        "paths",
        conflict.paths().stream()
            .map(path -> Map.of("path", path.path(), "cause", path.cause()))
            .toList());
    Conflict.Closing closing = conflict.closing();
    if (closing != null) {
      fields.put("closed_at", closing.at().toString());
      fields.put("closed_by", closing.by().name());
      fields.put("closed_reason", closing.reason());
      fields.put("version", closing.version().value());
      fields.put("revision", closing.revision().value());
    }
    return fields;
  }
}
