package io.syncline.ops.command;

import io.syncline.client.FollowerDrafts;
import io.syncline.client.SynclineClient;
import io.syncline.conflict.TextDiff;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Consistency;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.ReadAt;
import io.syncline.model.RejectedException;
import io.syncline.model.Version;
import io.syncline.ops.ExitCode;
import io.syncline.ops.output.DiffColours;
import io.syncline.proto.api.v1.Draft;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "show",
    description = {
      "Shows a draft: what it was made from, what it would write, and what stood in its way.",
      "Versions are read from the follower's copy, as far as it keeps them."
    },
    footer = "  syncline draft show 3 --endpoints 127.0.0.1:7410")
final class DraftShowCommand extends DraftClientCommand {
  private static final int CONTEXT_LINES = 3;

  @Parameters(paramLabel = "ID", description = "The draft's number.")
  long id;

  @Mixin
  KeyOptions keys;

  @Override
  void check() {
    follower();
  }

  @Override
  int run(SynclineClient client, FollowerDrafts drafts) {
    Draft draft = drafts.get(id);
    if (options.json()) {
      var fields = DraftOutput.fields(draft, keys.text());
      fields.put("content_base64", DraftOutput.base64(draft.getContent()));
      return printJson(fields);
    }
    out().println(DraftOutput.line(draft, keys.text()));
    out().println(DraftOutput.became(draft));
    show(client, draft, "base", draft.getBaseVersion());
    show(client, draft, "head", draft.getHeadVersion());
    return ExitCode.DONE;
  }

  /** What the draft would change of a version. */
  private void show(SynclineClient client, Draft draft, String name, long version) {
    if (version == 0) {
      return;
    }
    out().println();
    Optional<ConfigVersion> found = find(client, draft, version);
    if (found.isEmpty()) {
      out().println(name + " " + version + ": not in the follower's copy");
      return;
    }
    ConfigVersion old = found.get();
    out()
        .println(
            "from " + name + " version " + version + ", by " + old.createdBy().name()
                + (old.tombstone() ? ", a deletion" : "") + ", to this draft:");
    TextDiff.Result diff = TextDiff.between(
        old.content(), draft.getContent(), name, "draft " + draft.getId(), CONTEXT_LINES);
    String shown = !diff.differs()
        ? "the contents are equal"
        : diff.binary()
            ? "the contents differ, and are no text"
            : diff.unified().stripTrailing();
    out().println(terminal().coloursOut() ? DiffColours.paint(shown) : shown);
  }

  private static Optional<ConfigVersion> find(SynclineClient client, Draft draft, long version) {
    try {
      return Optional.of(client.get(
          new NamespaceName(draft.getNamespace()),
          new Key(draft.getKey()),
          new ReadAt.AtVersion(new Version(version)),
          Consistency.ANY));
    } catch (RejectedException e) {
      return Optional.empty();
    }
  }
}
