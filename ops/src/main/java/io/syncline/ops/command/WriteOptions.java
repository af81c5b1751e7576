package io.syncline.ops.command;

import io.syncline.model.Actor;
import io.syncline.model.ProposedCommand;
import io.syncline.ops.UsageException;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What every command that writes takes. */
final class WriteOptions {
  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Why; kept with the version.")
  String reason;

  @Option(
      names = "--actor",
      paramLabel = "NAME",
      defaultValue = "${env:SYNCLINE_ACTOR:-}",
      description =
          "Who writes; kept with the version. Default: $SYNCLINE_ACTOR, or the user's name.")
  String actor;

  Optional<String> actor() {
    return Optional.of(actor).filter(name -> !name.isEmpty());
  }

  void check() {
    requireShort("--reason", reason, ProposedCommand.MAX_REASON_LENGTH);
    requireShort("--actor", actor, Actor.MAX_NAME_LENGTH);
  }

  private static void requireShort(String option, String text, int maxLength) {
    if (text.length() > maxLength) {
      throw new UsageException(
          option + ": " + text.length() + " characters (expected: at most " + maxLength + ")");
    }
  }
}
