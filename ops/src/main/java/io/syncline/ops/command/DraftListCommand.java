package io.syncline.ops.command;

import io.syncline.client.FollowerDrafts;
import io.syncline.client.SynclineClient;
import io.syncline.ops.ExitCode;
import io.syncline.ops.output.Json;
import io.syncline.ops.output.Table;
import io.syncline.proto.api.v1.Draft;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "list",
    description = "Lists the drafts that a follower keeps, and what became of them.",
    footer = "  syncline draft list --endpoints 127.0.0.1:7410")
final class DraftListCommand extends DraftClientCommand {
  @Mixin
  KeyOptions keys;

  @Override
  void check() {
    follower();
  }

  @Override
  int run(SynclineClient client, FollowerDrafts drafts) {
    List<Draft> listed = drafts.list();
    if (options.json()) {
      out()
          .println(Json.lines(listed.stream()
              .map(draft -> DraftOutput.fields(draft, keys.text()))
              .toList()));
      return ExitCode.DONE;
    }
    var table = new Table(
        ">DRAFT", "STATE", "NAMESPACE", "KEY", "CHANGE", ">BASE", "AUTHOR", "MADE", "DETAIL");
    for (Draft draft : listed) {
      table.row(
          draft.getId(),
          DraftOutput.state(draft),
          draft.getNamespace(),
          DraftOutput.key(draft, keys.text()),
          DraftOutput.change(draft),
          draft.getBaseVersion() == 0 ? "none" : draft.getBaseVersion(),
          draft.getAuthor().getName(),
          Instant.ofEpochMilli(draft.getCreatedAtMs()),
          DraftOutput.became(draft));
    }
    table.print(out());
    return ExitCode.DONE;
  }
}
