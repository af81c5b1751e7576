package io.syncline.model;

import com.google.protobuf.ByteString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One change of the users, the roles, or whether they matter, by etcd's rules. */
public sealed interface AuthChange {

  /**
   * The state after it; the same one if it changes nothing.
   *
   * @throws RejectedException if it is refused
   */
  AuthState applyTo(AuthState state);

  /**
   * From then on, callers must say who they are. Needs the user root, with the role root.
   *
   * @param tokenKey made at random for this very command
   */
  record Enable(TokenKey tokenKey) implements AuthChange {
    @Override
    public AuthState applyTo(AuthState state) {
      if (state.enabled()) {
        return state;
      }
      AuthUser root = state.user(AuthUser.ROOT);
      if (root == null) {
        throw EtcdError.ROOT_USER_NOT_FOUND.exception();
      }
      if (!root.isAdministrator()) {
        throw EtcdError.ROOT_ROLE_NOT_GRANTED.exception();
      }
      return state.enabledWith(tokenKey);
    }
  }

  /** From then on, everybody may do everything, and no token is good any more. */
  record Disable() implements AuthChange {
    @Override
    public AuthState applyTo(AuthState state) {
      return state.enabled() ? state.disabled() : state;
    }
  }

  /**
   * @param password null: nobody gets in with one
   */
  record AddUser(String name, @Nullable PasswordHash password) implements AuthChange {
    @Override
    public AuthState applyTo(AuthState state) {
      if (name.isEmpty()) {
        throw EtcdError.USER_EMPTY.exception();
      }
      if (name.length() > AuthUser.MAX_NAME_LENGTH) {
        throw new RejectedException(
            Rejection.tooLarge("user name", name.length(), AuthUser.MAX_NAME_LENGTH));
      }
      if (state.hasUser(name)) {
        throw EtcdError.USER_EXISTS.exception();
      }
      long since = state.revision() + 1;
      return state.withUser(new AuthUser(name, password, since, List.of()));
    }
  }

  record DeleteUser(String name) implements AuthChange {
    @Override
    public AuthState applyTo(AuthState state) {
      if (state.enabled() && name.equals(AuthUser.ROOT)) {
        throw EtcdError.INVALID_AUTH_MANAGEMENT.exception();
      }
      return state.withoutUser(state.requireUser(name).name());
    }
  }

  record ChangePassword(String name, PasswordHash password) implements AuthChange {
    @Override
    public AuthState applyTo(AuthState state) {
      return state.withUser(state.requireUser(name).withPassword(password, state.revision() + 1));
    }
  }

  /** The role root need not be there. */
  record GrantRole(String user, String role) implements AuthChange {
    @Override
    public AuthState applyTo(AuthState state) {
      AuthUser granted = state.requireUser(user);
      if (!role.equals(AuthRole.ROOT)) {
        var unused = state.requireRole(role);
      }
      return granted.has(role) ? state : state.withUser(granted.with(role));
    }
  }

  record RevokeRole(String user, String role) implements AuthChange {
    @Override
    public AuthState applyTo(AuthState state) {
      if (state.enabled() && user.equals(AuthUser.ROOT) && role.equals(AuthRole.ROOT)) {
        throw EtcdError.INVALID_AUTH_MANAGEMENT.exception();
      }
      AuthUser revoked = state.requireUser(user);
      if (!revoked.has(role)) {
        throw EtcdError.ROLE_NOT_GRANTED.exception();
      }
      return state.withUser(revoked.without(role));
    }
  }

  record AddRole(String name) implements AuthChange {
    @Override
    public AuthState applyTo(AuthState state) {
      if (name.isEmpty()) {
        throw EtcdError.ROLE_EMPTY.exception();
      }
      if (state.hasRole(name)) {
        throw EtcdError.ROLE_EXISTS.exception();
      }
      return state.withRole(new AuthRole(name, List.of()));
    }
  }

  /** Those who had it lose it. */
  record DeleteRole(String name) implements AuthChange {
    @Override
    public AuthState applyTo(AuthState state) {
      if (state.enabled() && name.equals(AuthRole.ROOT)) {
        throw EtcdError.INVALID_AUTH_MANAGEMENT.exception();
      }
      return state.withoutRole(state.requireRole(name).name());
    }
  }

  /** Takes the place of what the role was allowed on the same range. */
  record GrantPermission(String role, Permission permission) implements AuthChange {
    @Override
    public AuthState applyTo(AuthState state) {
      return state.withRole(state.requireRole(role).with(permission));
    }
  }

  /** Of just this range, not of others that have the same keys. */
  record RevokePermission(String role, ByteString key, ByteString rangeEnd) implements AuthChange {
    @Override
    public AuthState applyTo(AuthState state) {
      AuthRole before = state.requireRole(role);
      AuthRole after = before.without(key, rangeEnd);
      if (after.permissions().size() == before.permissions().size()) {
        throw EtcdError.PERMISSION_NOT_GRANTED.exception();
      }
      return state.withRole(after);
    }
  }
}
