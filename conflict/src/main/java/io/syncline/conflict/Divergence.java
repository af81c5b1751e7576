package io.syncline.conflict;

import io.syncline.model.Checksum;
import io.syncline.model.ConfigVersion;
import io.syncline.model.ConflictType;
import io.syncline.model.Version;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells conflicts from what only looks like one. */
public final class Divergence {
  private Divergence() {}

  /** How a copy of a key stands to the leader's history of it. */
  public sealed interface Standing {
    /** The copy is what the leader has. */
    record InStep() implements Standing {}

    /**
     * The copy is an older version of the leader's, and will catch up by itself.
     *
     * @param versions how many versions it is behind, at least 1
     */
    record Lags(long versions) implements Standing {}

    /** The copy is none of the leader's versions. */
    record InConflict(ConflictType type) implements Standing {}

    /** The leader's history does not go back to the copy's version: nobody can say. */
    record Unknown(long versions) implements Standing {}
  }

  /** Where a change comes from. */
  public enum Origin {
    /** A request to the leader, with the version it was made from as its condition. */
    REQUEST,
    /** A draft that was written down at a follower. */
    DRAFT
  }

  /**
   * Compares a copy with the leader. Both must be seen at one revision, or the leader's later: a
   * leader seen earlier than the copy would seem to lack what it only had not yet.
   *
   * @param leader the leader's newest version
   * @param leaderThen the leader's version of the copy's number, contents not needed; null: its
   *     history does not have it (any more)
   * @throws IllegalArgumentException if these are versions of several keys, or {@code leaderThen} is
   *     another version than the copy's
   */
  public static Standing ofCopy(
      ConfigVersion copy, ConfigVersion leader, @Nullable ConfigVersion leaderThen) {
    var comparison = new VersionComparison(copy, leader);
    return switch (comparison.relation()) {
      case SAME ->
        comparison.contentDiffers()
            ? new Standing.InConflict(ConflictType.CONTENT_CONFLICT)
            : new Standing.InStep();
      case AFTER -> new Standing.InConflict(ConflictType.VERSION_CONFLICT);
      case BEFORE -> ofOlder(copy, leader, leaderThen);
    };
  }

  private static Standing ofOlder(
      ConfigVersion copy, ConfigVersion leader, @Nullable ConfigVersion leaderThen) {
    long behind = leader.version().value() - copy.version().value();
    if (leaderThen == null) {
      return new Standing.Unknown(behind);
    }
    var then = new VersionComparison(copy, leaderThen);
    if (then.relation() != VersionComparison.Relation.SAME) {
      throw new IllegalArgumentException("the leader's version then: " + leaderThen.version()
          + " (expected: " + copy.version() + ", the copy's)");
    }
    boolean sameCommit = copy.revision().equals(leaderThen.revision());
    if (sameCommit) {
      return then.contentDiffers()
          ? new Standing.InConflict(ConflictType.CONTENT_CONFLICT)
          : new Standing.Lags(behind);
    }
    return new Standing.InConflict(ConflictType.VERSION_CONFLICT);
  }

  /**
   * Whether a change collides with what the key is now. A change to what is there already collides
   * with nothing, whatever it was made from.
   *
   * @param base the version that the change was made from; {@link Version#NONE}: the key did not
   *     exist
   * @param head the leader's newest version; null: the key never existed
   * @param content the checksum of the content to be written; null: the key is to be deleted
   */
  public static Optional<ConflictType> ofChange(
      Version base, @Nullable ConfigVersion head, @Nullable Checksum content, Origin origin) {
    Version now = head == null ? Version.NONE : head.version();
    if (base.equals(now) || isAlready(head, content)) {
      return Optional.empty();
    }
    boolean knownBase = base.isBefore(now);
    return Optional.of(
        knownBase && origin == Origin.REQUEST
            ? ConflictType.CONCURRENT_MODIFICATION
            : ConflictType.VERSION_CONFLICT);
  }

  private static boolean isAlready(@Nullable ConfigVersion head, @Nullable Checksum content) {
    if (head == null || head.tombstone()) {
      return content == null;
    }
    return head.checksum().equals(content);
  }
}
