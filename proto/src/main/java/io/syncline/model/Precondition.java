package io.syncline.model;

import org.jspecify.annotations.Nullable;

/** What must hold of a key's newest version for a write to be carried out. */
public sealed interface Precondition {
  /** Nothing is asked. */
  Precondition NONE = new None();

  /** The key has no live value. */
  Precondition ABSENT = new Absent();

  /**
   * @param head the key's newest version, or null if the key never existed
   */
  boolean holds(@Nullable ConfigVersion head);

  /** What was expected, for messages. */
  String describe();

  record None() implements Precondition {
    @Override
    public boolean holds(@Nullable ConfigVersion head) {
      return true;
    }

    @Override
    public String describe() {
      return "anything";
    }
  }

  record Absent() implements Precondition {
    @Override
    public boolean holds(@Nullable ConfigVersion head) {
      return head == null || head.tombstone();
    }

    @Override
    public String describe() {
      return "no live value";
    }
  }

  /**
   * @param version the newest version; {@link Version#NONE} means the key never existed
   */
  record AtVersion(Version version) implements Precondition {
    @Override
    public boolean holds(@Nullable ConfigVersion head) {
      return head == null ? !version.exists() : head.version().equals(version);
    }

    @Override
    public String describe() {
      return "version " + version;
    }
  }

  /**
   * @param revision where the newest version was written
   */
  record AtRevision(Revision revision) implements Precondition {
    @Override
    public boolean holds(@Nullable ConfigVersion head) {
      return head != null && head.revision().equals(revision);
    }

    @Override
    public String describe() {
      return "revision " + revision;
    }
  }

  /**
   * @param checksum of the newest version's content, which must be live
   */
  record AtChecksum(Checksum checksum) implements Precondition {
    @Override
    public boolean holds(@Nullable ConfigVersion head) {
      return head != null && head.live() && head.checksum().equals(checksum);
    }

    @Override
    public String describe() {
      return "checksum " + checksum;
    }
  }
}
