package io.syncline.ops.command;

import io.syncline.model.ReadAt;
import io.syncline.model.Revision;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which past state is read. Part of an exclusive group: at most one is given. */
class ReadAtOptions {
  @Option(names = "--at-revision", paramLabel = "N", description = "As it was at this revision.")
  @Nullable
  Revision atRevision;

  @Option(
      names = "--at-time",
      paramLabel = "TIME",
      description = "As it was at this time, such as 2026-01-31T12:00:00Z.")
  @Nullable
  Instant atTime;

  ReadAt at() {
    return Optional.ofNullable(atRevision)
        .<ReadAt>map(ReadAt.AtRevision::new)
        .or(() -> Optional.ofNullable(atTime).map(ReadAt.AtTime::new))
        .orElse(ReadAt.NOW);
  }
}
