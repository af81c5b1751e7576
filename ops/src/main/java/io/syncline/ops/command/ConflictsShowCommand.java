package io.syncline.ops.command;

import com.google.protobuf.ByteString;
import io.syncline.client.Conflicts;
import io.syncline.client.SynclineClient;
import io.syncline.conflict.TextDiff;
import io.syncline.model.Conflict;
import io.syncline.model.ConflictContents;
import io.syncline.ops.ExitCode;
import io.syncline.ops.output.DiffColours;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "show",
    description = {
      "Shows one conflict: who, where, why, and what both sides made of the base.",
      "Without a base, what theirs makes of ours."
    },
    footer = {
      "  syncline conflicts show 12",
      "  syncline conflicts show 12 --side theirs > theirs.yaml"
    })
final class ConflictsShowCommand extends ClientCommand {
  /** A content that is to be printed as it is. */
  enum Side {
    BASE,
    OURS,
    THEIRS
  }

  @Parameters(paramLabel = "ID", description = "The conflict's number.")
  long id;

  @Option(
      names = "--side",
      paramLabel = "base|ours|theirs",
      description = "Print this content and nothing else.")
  @Nullable
  Side side;

  @Option(
      names = "--context",
      paramLabel = "N",
      defaultValue = "3",
      description = "Lines around each difference. Default: 3.")
  int contextLines;

  @Mixin
  KeyOptions keys;

  @Override
  int run(SynclineClient client) {
    Conflicts.Found found = client.conflicts().get(id);
    if (side != null) {
      return printSide(side, found.contents());
    }
    if (options.json()) {
      var fields = new LinkedHashMap<>(ConflictOutput.fields(found.conflict(), keys.text()));
      fields.put("base", text(found.contents().base()));
      fields.put("ours", text(found.contents().ours()));
      fields.put("theirs", text(found.contents().theirs()));
      return printJson(fields);
    }
    print(found.conflict());
    print(found.conflict(), found.contents());
    return ExitCode.DONE;
  }

  private int printSide(Side wanted, ConflictContents contents) {
    Optional<ByteString> content = switch (wanted) {
      case BASE -> contents.base();
      case OURS -> contents.ours();
      case THEIRS -> contents.theirs();
    };
    byte[] bytes = content.orElse(ByteString.EMPTY).toByteArray();
    out().write(bytes, 0, bytes.length);
    out().flush();
    return content.isPresent() ? ExitCode.DONE : ExitCode.REFUSED;
  }

  private static String text(Optional<ByteString> content) {
    return content.map(ByteString::toStringUtf8).orElse("");
  }

  private void print(Conflict conflict) {
    out()
        .println("conflict " + conflict.id() + ": " + ConflictOutput.type(conflict) + ", "
            + ConflictOutput.state(conflict));
    line("key", keys.text().show(conflict.key()) + " in " + conflict.namespace());
    line("base", ConflictOutput.version(conflict.base()));
    line("ours", ConflictOutput.version(conflict.ours()) + ", the leader's");
    line(
        "theirs",
        (conflict.theirs() == null ? "a deletion" : "sha256 " + conflict.theirs()) + ", by "
            + conflict.actor().name()
            + (conflict.node().isEmpty() ? "" : " at " + conflict.node()));
    if (!conflict.reason().isEmpty()) {
      line("reason", conflict.reason());
    }
    line("found", conflict.detectedAt());
    line("strategy", conflict.strategy() + ": " + conflict.detail());
    line("closed", ConflictOutput.closing(conflict));
    conflict.paths().forEach(path -> line("at", path.path() + ": " + path.cause()));
  }

  private void line(String name, Object value) {
    out().printf("  %-9s %s%n", name, value);
  }

  private void print(Conflict conflict, ConflictContents contents) {
    if (contents.base().isPresent()) {
      printDiff(contents.base(), contents.ours(), "base", "ours");
      printDiff(contents.base(), contents.theirs(), "base", "theirs");
    } else {
      printDiff(contents.ours(), contents.theirs(), "ours", "theirs");
    }
    if (conflict.isOpen()) {
      out().println();
      out()
          .println("syncline conflicts resolve " + conflict.id()
              + " --strategy accept-source | accept-target, or --file FILE");
    }
  }

  private void printDiff(
      Optional<ByteString> from, Optional<ByteString> to, String fromName, String toName) {
    TextDiff.Result diff = TextDiff.between(
        from.orElse(ByteString.EMPTY),
        to.orElse(ByteString.EMPTY),
        fromName + (from.isPresent() ? "" : " (nothing)"),
        toName + (to.isPresent() ? "" : " (nothing)"),
        contextLines);
    out().println();
    if (!diff.differs()) {
      out().println(toName + " is equal to " + fromName);
    } else if (diff.binary()) {
      out().println(fromName + " and " + toName + " differ, and are no text");
    } else {
      out()
          .println(
              terminal().coloursOut()
                  ? DiffColours.paint(diff.unified())
                  : diff.unified().stripTrailing());
    }
  }
}
