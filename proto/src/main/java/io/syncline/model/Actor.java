package io.syncline.model;

/**
 * Who did something.
 *
 * @param name a user's or a service's name, at most {@value #MAX_NAME_LENGTH} characters
 * @param verified false while the name is only what a client said of itself
 */
public record Actor(String name, boolean verified) {
  public static final int MAX_NAME_LENGTH = 256;

  /** Of clients that state no name. */
  public static final Actor ANONYMOUS = new Actor("anonymous", false);

  /** Of what the store does by itself. */
  public static final Actor SYNCLINE = new Actor("syncline", true);

  /**
   * @throws IllegalArgumentException if the name is empty or too long
   */
  public Actor {
    if (name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
      throw new IllegalArgumentException(
          "actor: " + name.length() + " characters (expected: 1 to " + MAX_NAME_LENGTH + ")");
    }
  }
}
