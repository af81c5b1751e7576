package io.syncline.model;

import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Someone who may be allowed something.
 *
 * @param password null: nobody gets in with one
 * @param since the revision of the users and roles at which the user was added or the password last
 *     changed: what was signed for the name before is void
 * @param roles sorted; a role that is not there allows nothing
 */
public record AuthUser(
    String name, @Nullable PasswordHash password, long since, List<String> roles) {
  public static final String ROOT = "root";

  /** It becomes the author of changes. */
  public static final int MAX_NAME_LENGTH = Actor.MAX_NAME_LENGTH;

  /**
   * @throws IllegalArgumentException if the name is empty or too long
   */
  public AuthUser {
    if (name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
      throw new IllegalArgumentException(
          "user name: " + name.length() + " characters (expected: 1 to " + MAX_NAME_LENGTH + ")");
    }
    roles = List.copyOf(new TreeSet<>(roles));
  }

  /** Whether the user may do everything. */
  public boolean isAdministrator() {
    return has(AuthRole.ROOT);
  }

  public boolean has(String role) {
    return roles.contains(role);
  }

  AuthUser with(String role) {
    var more = new TreeSet<>(roles);
    more.add(role);
    return new AuthUser(name, password, since, List.copyOf(more));
  }

  AuthUser without(String role) {
    return new AuthUser(
        name, password, since, roles.stream().filter(r -> !r.equals(role)).toList());
  }

  /** One without a password stays so, and yet has to show itself anew. */
  AuthUser withPassword(PasswordHash changed, long revision) {
    return new AuthUser(name, password == null ? null : changed, revision, roles);
  }
}
