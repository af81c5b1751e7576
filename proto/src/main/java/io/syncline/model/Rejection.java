package io.syncline.model;

import org.jspecify.annotations.Nullable;

/**
 * Why a request was refused, as people and programs read it.
 *
 * @param message what was given, what was expected, what to do
 * @param current for {@link Reason#PRECONDITION_FAILED} and {@link Reason#CONFLICT}: the newest version,
 *     without content
 * @param nearest for {@link Reason#COMPACTED} and {@link Reason#FUTURE_REVISION}: what can be read
 * @param given for {@link Reason#TOO_LARGE} and {@link Reason#TOO_MANY}, with {@code limit}; for {@link
 *     Reason#CONFLICT}: the conflict's id
 * @param leaderEndpoint for {@link Reason#NOT_LEADER}: where to go instead, or null if unknown
 */
public record Rejection(
    Reason reason,
    String message,
    @Nullable ConfigVersion current,
    @Nullable Revision nearest,
    long given,
    long limit,
    @Nullable String leaderEndpoint) {

  /** Numbers are those of {@code syncline.api.v1.ErrorDetail.Reason} and are stored. */
  public enum Reason {
    BAD_ARGUMENT(1),
    KEY_NOT_FOUND(2),
    VERSION_NOT_FOUND(3),
    NAMESPACE_NOT_FOUND(4),
    NAMESPACE_EXISTS(5),
    PRECONDITION_FAILED(6),
    COMPACTED(7),
    FUTURE_REVISION(8),
    TOO_LARGE(9),
    TOO_MANY(10),
    NOT_LEADER(11),
    NOT_READY(12),
    OUTCOME_UNKNOWN(13),
    TOO_STALE(14),
    FAULT(15),
    WRONG_STATE(16),
    CONFLICT(17);

    private final int number;

    Reason(int number) {
      this.number = number;
    }

    public int number() {
      return number;
    }

    /**
     * @throws IllegalArgumentException if no reason has this number
     */
    public static Reason ofNumber(int number) {
      for (Reason reason : values()) {
        if (reason.number == number) {
          return reason;
        }
      }
      throw new IllegalArgumentException("rejection reason: " + number + " (expected: 1 to 17)");
    }
  }

  public static Rejection of(Reason reason, String message) {
    return new Rejection(reason, message, null, null, 0, 0, null);
  }

  public static Rejection badArgument(String message) {
    return of(Reason.BAD_ARGUMENT, message);
  }

  public static Rejection keyNotFound(NamespaceName namespace, Key key) {
    return of(
        Reason.KEY_NOT_FOUND,
        "key \"" + key + "\" in namespace \"" + namespace + "\": not found or deleted");
  }

  public static Rejection versionNotFound(Key key, Version version, Version newest) {
    return of(
        Reason.VERSION_NOT_FOUND,
        "version "
            + version
            + " of key \""
            + key
            + "\": not found (expected: 1 to "
            + newest
            + "); see its history");
  }

  public static Rejection namespaceNotFound(String namespace) {
    return of(
        Reason.NAMESPACE_NOT_FOUND,
        "namespace \"" + namespace + "\": not found; create it first, or list what there is");
  }

  public static Rejection preconditionFailed(
      NamespaceName namespace, Key key, Precondition expected, @Nullable ConfigVersion head) {
    String is = head == null
        ? "it never existed"
        : head.tombstone()
            ? "it was deleted at version " + head.version()
            : "it is at version " + head.version() + ", revision " + head.revision();
    return new Rejection(
        Reason.PRECONDITION_FAILED,
        "key \""
            + key
            + "\" in namespace \""
            + namespace
            + "\": "
            + is
            + " (expected: "
            + expected.describe()
            + "); read it again and decide anew",
        head == null ? null : head.withoutContent(),
        null,
        0,
        0,
        null);
  }

  public static Rejection compacted(String what, Revision nearest) {
    return new Rejection(
        Reason.COMPACTED,
        what + ": its history has been compacted; the nearest revision kept is " + nearest,
        null,
        nearest,
        0,
        0,
        null);
  }

  public static Rejection futureRevision(Revision given, Revision newest) {
    return new Rejection(
        Reason.FUTURE_REVISION,
        "revision " + given + ": has not happened yet (expected: at most " + newest + ")",
        null,
        newest,
        0,
        0,
        null);
  }

  public static Rejection tooLarge(String what, long given, long limit) {
    return new Rejection(
        Reason.TOO_LARGE,
        what + ": " + given + " bytes (expected: at most " + limit + ")",
        null,
        null,
        given,
        limit,
        null);
  }

  public static Rejection tooMany(String what, long given, long limit) {
    return new Rejection(
        Reason.TOO_MANY,
        what + ": " + given + " (expected: at most " + limit + ")",
        null,
        null,
        given,
        limit,
        null);
  }

  /** A change that was recorded as a conflict, and is not carried out. */
  public static Rejection conflict(Conflict conflict, @Nullable ConfigVersion head) {
    String next = conflict.isOpen() ? "it waits to be resolved" : "it was refused";
    return new Rejection(
        Reason.CONFLICT,
        "key \""
            + conflict.key()
            + "\" in namespace \""
            + conflict.namespace()
            + "\": conflict "
            + conflict.id()
            + " (strategy "
            + conflict.strategy()
            + "): "
            + next
            + ": "
            + conflict.detail(),
        head == null ? null : head.withoutContent(),
        null,
        conflict.id(),
        0,
        null);
  }

  public static Rejection conflictNotFound(long id) {
    return of(
        Reason.KEY_NOT_FOUND, "conflict " + id + ": not found; list them to see what there is");
  }

  public static Rejection notLeader(@Nullable String leaderEndpoint) {
    return new Rejection(
        Reason.NOT_LEADER,
        leaderEndpoint == null
            ? "this voter does not lead and knows no leader yet; try again or ask another voter"
            : "this voter does not lead; ask the leader at " + leaderEndpoint,
        null,
        null,
        0,
        0,
        leaderEndpoint);
  }
}
