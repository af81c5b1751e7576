package io.syncline.ops.command;

import io.syncline.client.SynclineClient;
import io.syncline.model.ConfigVersion;
import io.syncline.model.ReadAt;
import io.syncline.model.Version;
import io.syncline.ops.ExitCode;
import io.syncline.ops.RefusedException;
import io.syncline.ops.UsageException;
import io.syncline.ops.output.Table;
import io.syncline.ops.output.VersionFields;
import io.syncline.ops.text.Utf8;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "get",
    description = "Reads a key: now, at a version, at a revision or at a time.",
    footer = {
      "  syncline get routes/api",
      "  syncline get routes/api --version 2 --raw > api.yaml",
      "  syncline get routes/api --at-time 2026-01-31T12:00:00Z"
    })
final class GetCommand extends ClientCommand {
  @Parameters(paramLabel = "KEY", description = "The key.")
  String key;

  @ArgGroup(exclusive = true)
  @Nullable
  At at;

  @Option(names = "--raw", description = "Write the content's bytes and nothing else.")
  boolean raw;

  @Mixin
  KeyOptions keys;

  @Mixin
  ConsistencyOptions consistency;

  static final class At extends ReadAtOptions {
    @Option(names = "--version", paramLabel = "N", description = "This version of the key.")
    @Nullable
    Version version;

    @Override
    ReadAt at() {
      return version == null ? super.at() : new ReadAt.AtVersion(version);
    }
  }

  @Override
  void check() {
    keys.key(key);
    if (raw && options.json()) {
      throw new UsageException("get: --raw and --output json (expected: one of them)");
    }
  }

  @Override
  int run(SynclineClient client) throws IOException {
    ReadAt readAt = at == null ? ReadAt.NOW : at.at();
    ConfigVersion version =
        client.get(namespace(), keys.key(key), readAt, consistency.consistency());
    if (raw) {
      return writeRaw(version);
    }
    if (options.json()) {
      var fields = VersionFields.withKey(version, keys.text());
      VersionFields.addContent(fields, version);
      return printJson(fields);
    }
    print(version);
    return ExitCode.DONE;
  }

  private int writeRaw(ConfigVersion version) throws IOException {
    if (version.tombstone()) {
      throw new RefusedException("version "
          + version.version()
          + " of key \""
          + keys.text().show(version.key())
          + "\": a tombstone has no content (expected: a live version)");
    }
    version.content().writeTo(out());
    return ExitCode.DONE;
  }

  private void print(ConfigVersion version) {
    PrintStream out = out();
    line("key", keys.text().show(version.key()));
    line("version", version.version() + " at revision " + version.revision());
    line("sha256", version.checksum().toString());
    line("created", version.createdAt() + " by " + version.createdBy().name());
    if (!version.reason().isEmpty()) {
      line("reason", version.reason());
    }
    Optional.ofNullable(version.rollbackOf()).ifPresent(of -> line("rollback of", "version " + of));
    Optional.ofNullable(version.sourceTime()).ifPresent(time -> line("source", time.toString()));
    if (version.tombstone()) {
      line("content", "none: deleted");
      return;
    }
    line("content", (version.sizeBytes() + " bytes " + version.contentType()).strip());
    Optional<String> text = Utf8.text(version.content());
    out.println();
    out.print(text.orElse("(no UTF-8 text; --raw writes the bytes)\n"));
    if (text.isPresent() && !text.get().endsWith("\n")) {
      out.println();
    }
  }

  private void line(String name, String value) {
    out().printf("%-12s %s%n", name, Table.plain(value));
  }
}
