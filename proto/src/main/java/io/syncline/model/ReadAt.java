package io.syncline.model;

import java.time.Instant;

/** Which state of a key, or of a range of keys, is read. */
public sealed interface ReadAt {
  ReadAt NOW = new Now();

  record Now() implements ReadAt {}

  /** One key's version, tombstones included; not for lists. */
  record AtVersion(Version version) implements ReadAt {}

  record AtRevision(Revision revision) implements ReadAt {}

  /** What was current at a time, by the store's clock. */
  record AtTime(Instant time) implements ReadAt {}
}
