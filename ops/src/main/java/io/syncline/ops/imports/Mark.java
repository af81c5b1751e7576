package io.syncline.ops.imports;

import io.syncline.model.Checksum;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** By what a change is known again: a line of an import in a key's history. */
record Mark(boolean tombstone, Checksum checksum, @Nullable Instant sourceTime, String reason) {

  static Mark of(ImportLine line) {
    return new Mark(line.delete(), line.checksum(), line.time(), line.reason());
  }

  /** Whether a key is the same after both: a write of the one onto the other makes no version. */
  boolean sameState(Mark other) {
    return tombstone == other.tombstone && checksum.equals(other.checksum);
  }
}
