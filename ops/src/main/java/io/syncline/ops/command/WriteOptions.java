package io.syncline.ops.command;

import io.syncline.model.Actor;
import io.syncline.model.ProposedCommand;
import io.syncline.ops.UsageException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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
      description =
          "Who writes; kept with the version. Default: $SYNCLINE_ACTOR, or the user's name.")
  @Nullable
  String actor;

  /**
   * @param environment has the name if the command line does not
   */
  Optional<String> actor(Map<String, String> environment) {
    Optional<String> name = Optional.ofNullable(actor)
        .or(() -> Optional.ofNullable(environment.get("SYNCLINE_ACTOR")))
        .filter(given -> !given.isEmpty());
    name.ifPresent(given -> requireShort("--actor", given, Actor.MAX_NAME_LENGTH));
    return name;
  }

  void check() {
    requireShort("--reason", reason, ProposedCommand.MAX_REASON_LENGTH);
  }

  private static void requireShort(String option, String text, int maxLength) {
    if (text.length() > maxLength) {
      throw new UsageException(
          option + ": " + text.length() + " characters (expected: at most " + maxLength + ")");
    }
  }
}
