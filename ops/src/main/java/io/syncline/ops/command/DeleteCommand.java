package io.syncline.ops.command;

import io.syncline.client.SynclineClient;
import io.syncline.client.WriteResult;
import io.syncline.model.Command.Delete;
import io.syncline.model.Command.DeleteRange;
import io.syncline.model.KeyRange;
import io.syncline.model.Precondition;
import io.syncline.ops.ExitCode;
import io.syncline.ops.RefusedException;
import io.syncline.ops.UsageException;
import io.syncline.ops.output.VersionFields;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "delete",
    description = "Deletes a key, or all keys with a prefix. Their histories stay.",
    footer = {
      "  syncline delete routes/api --reason 'moved to the gateway'",
      "  syncline delete --prefix routes/old/ --yes"
    })
final class DeleteCommand extends ClientCommand {
  @Parameters(arity = "0..1", paramLabel = "KEY", description = "The key.")
  @Nullable
  String key;

  @Option(
      names = "--prefix",
      paramLabel = "PREFIX",
      description = "Delete all keys that begin with this, in one revision.")
  @Nullable
  String prefix;

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask before deleting a prefix.")
  boolean yes;

  @Mixin
  KeyOptions keys;

  @Mixin
  WriteOptions writes;

  @Mixin
  PreconditionOptions preconditions;

  @Mixin
  OnConflictOption conflicts;

  @Override
  Optional<String> actor() {
    return writes.actor(terminal().environment());
  }

  @Override
  void check() {
    writes.check();
    conflicts.check(preconditions.precondition() != Precondition.NONE);
    if ((key == null) == (prefix == null)) {
      throw new UsageException(
          "delete: give either KEY or --prefix PREFIX (expected: one of them)");
    }
    if (key != null) {
      keys.key(key);
      return;
    }
    if (preconditions.precondition() != Precondition.NONE) {
      throw new UsageException(
          "delete: --prefix with a condition (expected: a condition on one key)");
    }
    if (!yes && !terminal().inIsTerminal()) {
      throw new UsageException("delete --prefix: nobody to ask here (expected: --yes)");
    }
  }

  @Override
  int run(SynclineClient client) throws IOException {
    if (prefix != null) {
      return deletePrefix(client, KeyRange.prefix(keys.bytes(prefix)));
    }
    var delete = new Delete(
        namespace(),
        keys.key(Optional.ofNullable(key).orElse("")),
        preconditions.precondition(),
        null);
    WriteResult result = WriteOutput.write(client, delete, writes.reason, conflicts.onConflict());
    return WriteOutput.print(out(), options.json(), "deleted", result, keys.text());
  }

  private int deletePrefix(SynclineClient client, KeyRange range) throws IOException {
    if (!yes) {
      confirm();
    }
    WriteResult result = client.write(new DeleteRange(namespace(), range), writes.reason);
    if (options.json()) {
      var fields = new LinkedHashMap<String, Object>();
      fields.put("changed", result.changed());
      fields.put("revision", result.revision().value());
      fields.put(
          "versions",
          result.versions().stream()
              .map(version -> VersionFields.withKey(version, keys.text()))
              .toList());
      return printJson(fields);
    }
    out()
        .println(
            result.changed()
                ? "deleted " + result.versions().size() + " keys at revision " + result.revision()
                : "no keys to delete");
    return ExitCode.DONE;
  }

  private void confirm() throws IOException {
    terminal()
        .err()
        .printf(
            "Delete all keys of namespace %s that begin with \"%s\"? [y/N] ", namespace(), prefix);
    terminal().err().flush();
    var reader = new BufferedReader(new InputStreamReader(terminal().in(), StandardCharsets.UTF_8));
    String answer = Optional.ofNullable(reader.readLine()).orElse("").strip();
    if (!answer.toLowerCase(Locale.ROOT).matches("y|yes")) {
      throw new RefusedException("delete: not confirmed, nothing was deleted");
    }
  }
}
