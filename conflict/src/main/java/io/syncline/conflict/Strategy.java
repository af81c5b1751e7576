package io.syncline.conflict;

import java.util.regex.Pattern;

/**
 * What is to become of a conflict. The texts are a public contract:
 *
 * <ul>
 *   <li>{@code reject}: the incoming change is refused; the default
 *   <li>{@code accept-source}: the leader's content stays
 *   <li>{@code accept-target}: the incoming content, or the follower's, is written
 *   <li>{@code merge}: the three-way merge if it is certain; if not, the conflict stays open
 *   <li>{@code manual}: recorded, and left open for a person
 *   <li>{@code custom:NAME}: the {@link ConflictResolver} of that name decides
 * </ul>
 *
 * @param resolver the resolver's name; empty unless custom
 */
public record Strategy(Kind kind, String resolver) {
  public static final Strategy REJECT = new Strategy(Kind.REJECT, "");
  public static final Strategy ACCEPT_SOURCE = new Strategy(Kind.ACCEPT_SOURCE, "");
  public static final Strategy ACCEPT_TARGET = new Strategy(Kind.ACCEPT_TARGET, "");
  public static final Strategy MERGE = new Strategy(Kind.MERGE, "");
  public static final Strategy MANUAL = new Strategy(Kind.MANUAL, "");

  private static final Pattern RESOLVER_NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

  /** What a strategy does. */
  public enum Kind {
    REJECT("reject"),
    ACCEPT_SOURCE("accept-source"),
    ACCEPT_TARGET("accept-target"),
    MERGE("merge"),
    MANUAL("manual"),
    CUSTOM("custom:");

    private final String text;

    Kind(String text) {
      this.text = text;
    }
  }

  /**
   * @throws IllegalArgumentException if a name is missing, out of place or malformed
   */
  public Strategy {
    if (kind == Kind.CUSTOM ? !isResolverName(resolver) : !resolver.isEmpty()) {
      throw new IllegalArgumentException("strategy: " + kind.text + resolver
          + " (expected: a resolver's name of 1 to 64 characters a-z, 0-9 and - after custom:, and"
          + " none otherwise)");
    }
  }

  /**
   * @throws IllegalArgumentException if the name is malformed
   */
  public static Strategy custom(String resolver) {
    return new Strategy(Kind.CUSTOM, resolver);
  }

  static boolean isResolverName(String name) {
    return RESOLVER_NAME.matcher(name).matches();
  }

  /**
   * The reverse of {@link #toString}.
   *
   * @throws IllegalArgumentException if there is no such strategy; whether a resolver of that name
   *     is there, {@link Arbiter} knows
   */
  public static Strategy parse(String text) {
    if (text.startsWith(Kind.CUSTOM.text)) {
      return custom(text.substring(Kind.CUSTOM.text.length()));
    }
    for (Kind kind : Kind.values()) {
      if (kind.text.equals(text)) {
        return new Strategy(kind, "");
      }
    }
    throw new IllegalArgumentException("strategy: \"" + text
        + "\" (expected: reject, accept-source, accept-target, merge, manual or custom:NAME)");
  }

  @Override
  public String toString() {
    return kind.text + resolver;
  }
}
