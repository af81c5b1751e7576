package io.syncline.ops.command;

import io.grpc.StatusRuntimeException;
import io.syncline.client.SynclineClient;
import io.syncline.model.Conflict;
import io.syncline.model.Endpoint;
import io.syncline.ops.ExitCode;
import io.syncline.ops.output.Json;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "watch",
    description = {
      "Tells of each conflict as it is recorded or closed, until it is interrupted.",
      "Ends with exit code 3 when the voter that it" + " watches cannot be reached any more."
    },
    footer = {
      "  syncline conflicts watch",
      "  syncline conflicts watch -n routes --limit 1 --output json"
    })
final class ConflictsWatchCommand extends ClientCommand {
  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "0",
      description = "End after this many; 0: never. Default: 0.")
  int limit;

  @Mixin
  KeyOptions keys;

  @Override
  int run(SynclineClient client) {
    List<Endpoint> voters = options.endpoints(terminal().environment());
    Optional<StatusRuntimeException> last = Optional.empty();
    for (Endpoint voter : voters) {
      try (Stream<Conflict> told =
          client.conflicts().watch(voter, Optional.ofNullable(options.namespace))) {
        told.limit(limit == 0 ? Long.MAX_VALUE : limit).forEach(this::print);
        return ExitCode.DONE;
      } catch (StatusRuntimeException e) {
        last = Optional.of(e);
      }
    }
    throw last.orElseThrow();
  }

  private void print(Conflict conflict) {
    out()
        .println(
            options.json()
                ? Json.line(ConflictOutput.fields(conflict, keys.text()))
                : ConflictOutput.line(conflict, keys.text()));
    out().flush();
  }
}
