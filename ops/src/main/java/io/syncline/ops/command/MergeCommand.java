package io.syncline.ops.command;

import com.google.protobuf.ByteString;
import io.syncline.conflict.merge.Format;
import io.syncline.conflict.merge.MergeOptions;
import io.syncline.conflict.merge.MergeResult;
import io.syncline.conflict.merge.MergeSides;
import io.syncline.conflict.merge.PathConflict;
import io.syncline.conflict.merge.ThreeWayMerge;
import io.syncline.ops.ExitCode;
import io.syncline.ops.RefusedException;
import io.syncline.ops.UsageException;
import io.syncline.ops.merges.MergeTable;
import io.syncline.ops.output.Json;
import io.syncline.ops.output.Table;
import io.syncline.ops.output.Terminal;
import io.syncline.ops.text.FileNames;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "merge",
    description = {
      "Merges two files that were made from one, as the cluster merges conflicting changes.",
      "Needs no cluster. What is not certain is a conflict, named by its path, with exit code 1."
    },
    customSynopsis = "syncline merge [OPTIONS] BASE OURS THEIRS",
    footer = {
      "  syncline merge base.yaml ours.yaml theirs.yaml",
      "  syncline merge base.yaml ours.yaml theirs.yaml --out merged.yaml",
      "  syncline merge base ours theirs --format json --id-keys host,port"
    })
final class MergeCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "BASE",
      description = "What both were made from.")
  @Nullable
  String base;

  @Parameters(index = "1", arity = "0..1", paramLabel = "OURS", description = "One side.")
  @Nullable
  String ours;

  @Parameters(index = "2", arity = "0..1", paramLabel = "THEIRS", description = "The other side.")
  @Nullable
  String theirs;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "json, yaml, properties or text. Default: by the extension of OURS, else text.")
  @Nullable
  String format;

  @Option(
      names = "--id-keys",
      paramLabel = "NAMES",
      split = ",",
      defaultValue = "name,id,key",
      description = "Fields that may tell the elements of a list apart. Default: name,id,key.")
  List<String> idKeys = List.of();

  @Option(names = "--out", paramLabel = "FILE", description = "Write the merged content here.")
  @Nullable
  String file;

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table or json. Default: table.")
  OutputFormat output = OutputFormat.TABLE;

  @Option(names = "--table", hidden = true, paramLabel = "DIR")
  @Nullable
  String table;

  @Mixin
  HelpOption help;

  @Spec
  CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (table != null) {
      terminal().out().print(MergeTable.of(FileNames.path(table)));
      return ExitCode.DONE;
    }
    if (base == null || ours == null || theirs == null) {
      throw new UsageException("merge: fewer than three files (expected: BASE OURS THEIRS)");
    }
    MergeResult result = ThreeWayMerge.merge(
        new MergeSides(content(base), content(ours), content(theirs)),
        format(ours),
        MergeOptions.DEFAULT.withIdKeys(idKeys));
    if (result instanceof MergeResult.Merged merged) {
      return merged(merged);
    }
    if (result instanceof MergeResult.Conflicted conflicted) {
      return conflicted(conflicted);
    }
    throw new RefusedException("merge: " + ((MergeResult.Refused) result).reason());
  }

  private Format format(String name) {
    try {
      return format == null ? Format.ofName(name) : Format.parse(format);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--" + e.getMessage());
    }
  }

  /** One byte more than a merge takes in is enough for it to refuse. */
  private static ByteString content(String name) throws IOException {
    try (InputStream in = Files.newInputStream(FileNames.path(name))) {
      return ByteString.copyFrom(in.readNBytes(MergeOptions.DEFAULT.maxSizeBytes() + 1));
    }
  }

  private int merged(MergeResult.Merged merged) throws IOException {
    byte[] content = merged.content() == null ? new byte[0] : merged.content().toByteArray();
    if (file != null) {
      Files.write(FileNames.path(file), content);
    }
    if (output == OutputFormat.JSON) {
      var fields = fields("merged", merged.format(), merged.note());
      fields.put("method", merged.method().name());
      if (file == null) {
        fields.put("content_base64", Base64.getEncoder().encodeToString(content));
      }
      terminal().out().println(Json.line(fields));
      return ExitCode.DONE;
    }
    note(merged.note());
    if (file == null) {
      terminal().out().write(content, 0, content.length);
    }
    return ExitCode.DONE;
  }

  private int conflicted(MergeResult.Conflicted conflicted) {
    if (output == OutputFormat.JSON) {
      var fields = fields("conflict", conflicted.format(), conflicted.note());
      fields.put(
          "conflicts", conflicted.conflicts().stream().map(MergeCommand::fields).toList());
      terminal().out().println(Json.line(fields));
      return ExitCode.REFUSED;
    }
    note(conflicted.note());
    for (PathConflict conflict : conflicted.conflicts()) {
      terminal()
          .err()
          .println("conflict: " + Table.plain(conflict.path()) + ": " + conflict.detail());
      excerpt("base", conflict.base());
      excerpt("ours", conflict.ours());
      excerpt("theirs", conflict.theirs());
    }
    return ExitCode.REFUSED;
  }

  private void note(String note) {
    if (!note.isEmpty()) {
      terminal().err().println("note: " + note);
    }
  }

  private void excerpt(String side, @Nullable String excerpt) {
    if (excerpt != null) {
      excerpt
          .lines()
          .forEach(line -> terminal().err().println("  " + side + ": " + Table.plain(line)));
    }
  }

  private static Map<String, Object> fields(String result, Format format, String note) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("result", result);
    fields.put("format", format.toString());
    fields.put("note", note);
    return fields;
  }

  private static Map<String, Object> fields(PathConflict conflict) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("path", conflict.path());
    fields.put("cause", conflict.cause().name());
    fields.put("detail", conflict.detail());
    if (conflict.base() != null) {
      fields.put("base", conflict.base());
    }
    if (conflict.ours() != null) {
      fields.put("ours", conflict.ours());
    }
    if (conflict.theirs() != null) {
      fields.put("theirs", conflict.theirs());
    }
    return fields;
  }

  private Terminal terminal() {
    return SynclineCommand.terminal(spec);
  }
}
