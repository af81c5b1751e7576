package io.syncline.ops.command;

import io.syncline.client.SynclineClient;
import io.syncline.ops.ExitCode;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "verify",
    description = {
      "Has followers read their copies and compare them with what they follow, key by key where the"
          + " digests differ, and names what differs.",
      "Exit codes: 0 equal or repaired, 1 something differs, 3 a follower could not be asked."
    },
    footer = {
      "  syncline sync verify",
      "  syncline sync verify edge-1 edge-2 -n routes",
      "  syncline sync verify edge-1 --repair"
    })
final class SyncVerifyCommand extends ClientCommand {
  @Parameters(arity = "0..*", paramLabel = "ID", description = "Only these followers.")
  List<String> ids = List.of();

  @Option(names = "--repair", description = "Replace what differs, and nothing else.")
  boolean repair;

  @Mixin
  KeyOptions keys;

  @Override
  Duration defaultTimeout() {
    return FollowerVerification.DEFAULT_TIMEOUT;
  }

  @Override
  int run(SynclineClient client) {
    var verification = new FollowerVerification(client, terminal(), options, keys.text());
    List<FollowerVerification.Result> results = verification.verify(
        verification.chosen(ids, options.endpoints(terminal().environment())), repair);
    verification.print(results);
    if (results.stream().anyMatch(result -> !result.answered())) {
      return ExitCode.UNAVAILABLE;
    }
    return results.stream().anyMatch(FollowerVerification.Result::differs)
        ? ExitCode.REFUSED
        : ExitCode.DONE;
  }
}
