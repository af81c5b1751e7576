package io.syncline.codec;

import com.google.protobuf.ByteString;
import io.syncline.model.AuthChange;
import io.syncline.model.AuthRole;
import io.syncline.model.AuthState;
import io.syncline.model.AuthUser;
import io.syncline.model.PasswordHash;
import io.syncline.model.Permission;
import io.syncline.model.TokenKey;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One of each change of users and roles, and what they come to. */
final class AuthSamples {
  private static final PasswordHash PASSWORD = new PasswordHash(
      120_000, ByteString.copyFromUtf8("0123456789abcdef"), ByteString.copyFromUtf8("hash"));
  private static final TokenKey TOKEN_KEY =
      new TokenKey(ByteString.copyFromUtf8("0123456789abcdef0123456789abcdef"));
  private static final Permission PERMISSION = new Permission(
      Permission.Type.READ_AND_WRITE,
      ByteString.copyFromUtf8("routes/"),
      ByteString.copyFromUtf8("routes0"));

  private AuthSamples() {}

  /** By what the golden file is named after. */
  static Map<String, AuthChange> changes() {
    var changes = new TreeMap<String, AuthChange>();
    changes.put("auth-enable", new AuthChange.Enable(TOKEN_KEY));
    changes.put("auth-disable", new AuthChange.Disable());
    changes.put("auth-add-user", new AuthChange.AddUser("bob", PASSWORD));
    changes.put("auth-add-user-without-password", new AuthChange.AddUser("bob", null));
    changes.put("auth-delete-user", new AuthChange.DeleteUser("bob"));
    changes.put("auth-change-password", new AuthChange.ChangePassword("bob", PASSWORD));
    changes.put("auth-grant-role", new AuthChange.GrantRole("bob", "reader"));
    changes.put("auth-revoke-role", new AuthChange.RevokeRole("bob", "reader"));
    changes.put("auth-add-role", new AuthChange.AddRole("reader"));
    changes.put("auth-delete-role", new AuthChange.DeleteRole("reader"));
    changes.put("auth-grant-permission", new AuthChange.GrantPermission("reader", PERMISSION));
    changes.put(
        "auth-revoke-permission",
        new AuthChange.RevokePermission("reader", PERMISSION.key(), PERMISSION.rangeEnd()));
    return changes;
  }

  /** By what the golden file is named after. */
  static Map<String, AuthState> states() {
    var states = new TreeMap<String, AuthState>();
    states.put("auth-enabled", state(TOKEN_KEY));
    states.put("auth-disabled", state(null));
    return states;
  }

  private static AuthState state(@Nullable TokenKey tokenKey) {
    var users = new TreeMap<String, AuthUser>();
    users.put("bob", new AuthUser("bob", null, 7, List.of("reader")));
    users.put("root", new AuthUser("root", PASSWORD, 300, List.of("reader", "root")));
    var roles = new TreeMap<String, AuthRole>();
    roles.put("reader", new AuthRole("reader", List.of(PERMISSION)));
    return new AuthState(301, tokenKey, users, roles);
  }
}
