package io.syncline.ops.command;

import io.syncline.model.Checksum;
import io.syncline.model.Precondition;
import io.syncline.model.Revision;
import io.syncline.model.Version;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** What must hold of the key for a write to be carried out: at most one thing. */
final class PreconditionOptions {
  @ArgGroup(exclusive = true)
  @Nullable
  Choice choice;

  static final class Choice {
    @Option(names = "--if-absent", description = "Only if the key has no live value.")
    boolean absent;

    @Option(
        names = "--if-version",
        paramLabel = "N",
        converter = VersionOrNone.class,
        description = "Only if the newest version is this one; 0: only if the key never existed.")
    @Nullable
    Version version;

    @Option(
        names = "--if-revision",
        paramLabel = "N",
        description = "Only if the newest version was written at this revision.")
    @Nullable
    Revision revision;

    @Option(
        names = "--if-checksum",
        paramLabel = "HEX",
        description = "Only if the newest version is live and its content has this SHA-256.")
    @Nullable
    Checksum checksum;
  }

  Precondition precondition() {
    if (choice == null) {
      return Precondition.NONE;
    }
    if (choice.version != null) {
      return new Precondition.AtVersion(choice.version);
    }
    if (choice.revision != null) {
      return new Precondition.AtRevision(choice.revision);
    }
    if (choice.checksum != null) {
      return new Precondition.AtChecksum(choice.checksum);
    }
    return choice.absent ? Precondition.ABSENT : Precondition.NONE;
  }
}
