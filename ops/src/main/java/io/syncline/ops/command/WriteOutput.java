package io.syncline.ops.command;

import io.syncline.client.SynclineClient;
import io.syncline.client.WriteResult;
import io.syncline.model.Command;
import io.syncline.model.ConfigVersion;
import io.syncline.model.OnConflict;
import io.syncline.ops.ExitCode;
import io.syncline.ops.output.Json;
import io.syncline.ops.output.KeyText;
import io.syncline.ops.output.VersionFields;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Optional;

/** Shows what a write to one key did. */
final class WriteOutput {
  private WriteOutput() {}

  /** Writes, with a word on conflicts if one was given. */
  static WriteResult write(
      SynclineClient client, Command command, String reason, Optional<OnConflict> onConflict) {
    return onConflict
        .map(settled -> client.write(command, reason, settled))
        .orElseGet(() -> client.write(command, reason));
  }

  /**
   * @param done what happened, such as "put", if it changed anything
   */
  static int print(
      PrintStream out, boolean json, String done, WriteResult result, KeyText keyText) {
    for (ConfigVersion version : result.versions()) {
      if (json) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("changed", result.changed());
        if (result.conflictId() > 0) {
          fields.put("conflict", result.conflictId());
        }
        fields.putAll(VersionFields.withKey(version, keyText));
        out.println(Json.line(fields));
      } else {
        String settled = result.conflictId() > 0
            ? "; the key had changed, see conflict " + result.conflictId()
            : "";
        out.println(line(done, result.changed(), version, keyText) + settled);
      }
    }
    return ExitCode.DONE;
  }

  private static String line(String done, boolean changed, ConfigVersion version, KeyText keyText) {
    String what = version.tombstone() ? "a tombstone" : "sha256 " + version.checksum();
    return "%s %s: version %s at revision %s, %s"
        .formatted(
            changed ? done : "unchanged",
            keyText.show(version.key()),
            version.version(),
            version.revision(),
            what);
  }
}
