package io.syncline.model;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Users, roles, and whether they matter: what clients of etcd call auth, by etcd's rules. Immutable.
 *
 * @param revision raised by every change but the one that enables
 * @param tokenKey signs tokens; null while anybody may do anything
 * @param users by name
 * @param roles by name
 */
public record AuthState(
    long revision,
    @Nullable TokenKey tokenKey,
    NavigableMap<String, AuthUser> users,
    NavigableMap<String, AuthRole> roles) {
  /** Before anybody has said anything. */
  public static final AuthState INITIAL =
      new AuthState(1, null, Collections.emptyNavigableMap(), Collections.emptyNavigableMap());

  /** It is one record, which is read and written whole. */
  public static final int MAX_SIZE_BYTES = 1 << 20;

  /** What the parts of a record take beside what is in them. */
  private static final int OVERHEAD_BYTES = 16;

  /**
   * @throws IllegalArgumentException if the revision is none
   */
  public AuthState {
    if (revision < 1) {
      throw new IllegalArgumentException("auth revision: " + revision + " (expected: at least 1)");
    }
    users = Collections.unmodifiableNavigableMap(new TreeMap<>(users));
    roles = Collections.unmodifiableNavigableMap(new TreeMap<>(roles));
  }

  /** Whether callers must say who they are, and are held to what they may. */
  public boolean enabled() {
    return tokenKey != null;
  }

  /** Null if there is none. */
  public @Nullable AuthUser user(String name) {
    return users.get(name);
  }

  /**
   * The state after a change; this one if it changes nothing.
   *
   * @throws RejectedException if it is refused
   */
  public AuthState apply(AuthChange change) {
    AuthState after = change.applyTo(this);
    long size = after.sizeBytes();
    if (size > MAX_SIZE_BYTES && size > sizeBytes()) {
      throw new RejectedException(
          Rejection.tooMany("bytes of users and roles", size, MAX_SIZE_BYTES));
    }
    return after;
  }

  /** What a user may do now; nothing, if there is no such user. */
  public Permissions permissionsOf(String name) {
    AuthUser user = user(name);
    if (user == null) {
      return Permissions.of(List.of());
    }
    return user.isAdministrator()
        ? Permissions.ALL
        : Permissions.of(user.roles().stream()
            .map(roles::get)
            .filter(Objects::nonNull)
            .flatMap(role -> role.permissions().stream())
            .toList());
  }

  /**
   * @param name empty: the caller did not say
   * @throws RejectedException if what only administrators may do is not for this caller
   */
  public void requireAdministrator(String name) {
    if (!enabled()) {
      return;
    }
    requireNamed(name);
    if (!requireUser(name).isAdministrator()) {
      throw EtcdError.PERMISSION_DENIED.exception();
    }
  }

  /**
   * @param name empty: the caller did not say
   * @throws RejectedException if callers must say who they are
   */
  public void requireNamed(String name) {
    if (enabled() && name.isEmpty()) {
      throw EtcdError.USER_EMPTY.exception();
    }
  }

  /**
   * @param known the revision at which the caller showed who it is
   * @throws RejectedException if that has become void since
   */
  public void requireStillKnown(String name, long known) {
    AuthUser user = user(name);
    if (enabled() && user != null && user.since() > known) {
      throw EtcdError.INVALID_AUTH_TOKEN.exception();
    }
  }

  /**
   * @throws RejectedException if there is none
   */
  public AuthUser requireUser(String name) {
    AuthUser user = users.get(name);
    if (user == null) {
      throw EtcdError.USER_NOT_FOUND.exception();
    }
    return user;
  }

  /**
   * @throws RejectedException if there is none
   */
  public AuthRole requireRole(String name) {
    AuthRole role = roles.get(name);
    if (role == null) {
      throw EtcdError.ROLE_NOT_FOUND.exception();
    }
    return role;
  }

  boolean hasUser(String name) {
    return users.containsKey(name);
  }

  boolean hasRole(String name) {
    return roles.containsKey(name);
  }

  AuthState enabledWith(TokenKey key) {
    return new AuthState(revision, key, users, roles);
  }

  AuthState disabled() {
    return new AuthState(revision + 1, null, users, roles);
  }

  AuthState withUser(AuthUser user) {
    return next(with(users, user.name(), user), roles);
  }

  AuthState withoutUser(String name) {
    return next(without(users, name), roles);
  }

  AuthState withRole(AuthRole role) {
    return next(users, with(roles, role.name(), role));
  }

  /** Nobody has it any more either. */
  AuthState withoutRole(String name) {
    var left = new TreeMap<>(users);
    left.replaceAll((userName, user) -> user.has(name) ? user.without(name) : user);
    return next(left, without(roles, name));
  }

  private AuthState next(
      NavigableMap<String, AuthUser> nextUsers, NavigableMap<String, AuthRole> nextRoles) {
    return new AuthState(revision + 1, tokenKey, nextUsers, nextRoles);
  }

  private static <T> NavigableMap<String, T> with(Map<String, T> map, String name, T value) {
    var more = new TreeMap<>(map);
    more.put(name, value);
    return more;
  }

  private static <T> NavigableMap<String, T> without(Map<String, T> map, String name) {
    var fewer = new TreeMap<>(map);
    fewer.remove(name);
    return fewer;
  }

  private long sizeBytes() {
    return users.values().stream().mapToLong(AuthState::sizeBytes).sum()
        + roles.values().stream().mapToLong(AuthState::sizeBytes).sum();
  }

  private static long sizeBytes(AuthUser user) {
    PasswordHash password = user.password();
    long size = sizeBytes(user.name()) + OVERHEAD_BYTES;
    if (password != null) {
      size += password.salt().size() + password.hash().size() + OVERHEAD_BYTES;
    }
    return size + user.roles().stream().mapToLong(AuthState::sizeBytes).sum();
  }

  private static long sizeBytes(AuthRole role) {
    return sizeBytes(role.name())
        + role.permissions().stream()
            .mapToLong(p -> p.key().size() + p.rangeEnd().size() + OVERHEAD_BYTES)
            .sum();
  }

  private static long sizeBytes(String name) {
    return (long) name.getBytes(StandardCharsets.UTF_8).length + OVERHEAD_BYTES;
  }
}
