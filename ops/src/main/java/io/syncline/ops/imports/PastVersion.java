package io.syncline.ops.imports;

import io.syncline.model.ConfigVersion;
import java.time.Instant;

/** A version in a key's history, as far as an import compares it. */
record PastVersion(Mark mark, Instant createdAt) {

  static PastVersion of(ConfigVersion version) {
    return new PastVersion(
        new Mark(version.tombstone(), version.checksum(), version.sourceTime(), version.reason()),
        version.createdAt());
  }

  /**
   * Whether the line is this version. A version that was not imported is exported with the time of its
   * creation, and is still the same when that export is imported.
   */
  boolean is(Mark line) {
    return line.equals(mark)
        || (mark.sourceTime() == null
            && createdAt.equals(line.sourceTime())
            && line.sameState(mark)
            && line.reason().equals(mark.reason()));
  }
}
