package io.syncline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.syncline.model.AuthChange.AddRole;
import io.syncline.model.AuthChange.AddUser;
import io.syncline.model.AuthChange.ChangePassword;
import io.syncline.model.AuthChange.DeleteRole;
import io.syncline.model.AuthChange.DeleteUser;
import io.syncline.model.AuthChange.Disable;
import io.syncline.model.AuthChange.Enable;
import io.syncline.model.AuthChange.GrantPermission;
import io.syncline.model.AuthChange.GrantRole;
import io.syncline.model.AuthChange.RevokePermission;
import io.syncline.model.AuthChange.RevokeRole;
import org.junit.jupiter.api.Test;

/** Users and roles, by etcd's rules. */
class AuthStateTest {
  private static final TokenKey KEY = new TokenKey(ByteString.copyFrom(new byte[32]));
  private static final PasswordHash HASH = hash("secret hash");

  private static PasswordHash hash(String text) {
    return new PasswordHash(7, bytes("salt"), bytes(text));
  }

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  private static Permission permission(Permission.Type type, String key, String rangeEnd) {
    return new Permission(type, bytes(key), bytes(rangeEnd));
  }

  private static KeyRange keys(String key, String rangeEnd) {
    return KeyRange.named(bytes(key), bytes(rangeEnd));
  }

  private static AuthState after(AuthState state, AuthChange... changes) {
    AuthState changed = state;
    for (AuthChange change : changes) {
      changed = changed.apply(change);
    }
    return changed;
  }

  private static AuthState after(AuthChange... changes) {
    return after(AuthState.INITIAL, changes);
  }

  private static AuthState enabled(AuthChange... changes) {
    return after(
        after(new AddUser("root", HASH), new GrantRole("root", "root"), new Enable(KEY)), changes);
  }

  private static void assertRefused(AuthState state, AuthChange change, EtcdError error) {
    assertThatThrownBy(() -> state.apply(change))
        .isInstanceOf(RejectedException.class)
        .hasMessage(error.message());
  }

  @Test
  void everyChangeButTheOneThatEnablesRaisesTheRevision() {
    assertThat(AuthState.INITIAL.revision()).isEqualTo(1);
    assertThat(after(new AddUser("root", HASH)).revision()).isEqualTo(2);
    assertThat(enabled().revision()).isEqualTo(3);
    assertThat(enabled(new Disable()).revision()).isEqualTo(4);
    AuthState state = after(new AddUser("u", HASH), new AddRole("r"));
    assertThat(state.revision()).isEqualTo(3);
    state = after(state, new GrantRole("u", "r"));
    assertThat(state.revision()).isEqualTo(4);
    state = after(state, new GrantPermission("r", permission(Permission.Type.READ, "k", "")));
    assertThat(state.revision()).isEqualTo(5);
    state = after(state, new RevokePermission("r", bytes("k"), bytes("")));
    assertThat(state.revision()).isEqualTo(6);
    state = after(state, new RevokeRole("u", "r"), new ChangePassword("u", HASH));
    assertThat(state.revision()).isEqualTo(8);
    state = after(state, new DeleteRole("r"), new DeleteUser("u"));
    assertThat(state.revision()).isEqualTo(10);
  }

  @Test
  void whatChangesNothingIsNoChange() {
    AuthState state = enabled();
    assertThat(state.apply(new Enable(new TokenKey(bytes("x".repeat(32)))))).isSameAs(state);
    assertThat(state.apply(new GrantRole("root", "root"))).isSameAs(state);
    assertThat(AuthState.INITIAL.apply(new Disable())).isSameAs(AuthState.INITIAL);
  }

  @Test
  void toEnableNeedsTheUserRootWithTheRoleRoot() {
    assertRefused(AuthState.INITIAL, new Enable(KEY), EtcdError.ROOT_USER_NOT_FOUND);
    assertRefused(
        after(new AddUser("root", HASH)), new Enable(KEY), EtcdError.ROOT_ROLE_NOT_GRANTED);
    assertThat(enabled().enabled()).isTrue();
    assertThat(enabled(new Disable()).enabled()).isFalse();
  }

  @Test
  void whileEnabledRootStays() {
    assertRefused(enabled(), new DeleteUser("root"), EtcdError.INVALID_AUTH_MANAGEMENT);
    assertRefused(enabled(), new RevokeRole("root", "root"), EtcdError.INVALID_AUTH_MANAGEMENT);
    assertRefused(enabled(), new DeleteRole("root"), EtcdError.INVALID_AUTH_MANAGEMENT);
    AuthState disabled = enabled(new Disable());
    assertRefused(disabled, new DeleteRole("root"), EtcdError.ROLE_NOT_FOUND);
    assertThat(after(disabled, new RevokeRole("root", "root"), new DeleteUser("root"))
            .users())
        .isEmpty();
  }

  @Test
  void usersAreAddedOnceAndFoundByName() {
    assertRefused(AuthState.INITIAL, new AddUser("", HASH), EtcdError.USER_EMPTY);
    assertRefused(after(new AddUser("u", null)), new AddUser("u", HASH), EtcdError.USER_EXISTS);
    assertRefused(AuthState.INITIAL, new DeleteUser("u"), EtcdError.USER_NOT_FOUND);
    assertRefused(AuthState.INITIAL, new ChangePassword("u", HASH), EtcdError.USER_NOT_FOUND);
    assertRefused(AuthState.INITIAL, new GrantRole("u", "r"), EtcdError.USER_NOT_FOUND);
    assertRefused(AuthState.INITIAL, new RevokeRole("u", "r"), EtcdError.USER_NOT_FOUND);
    assertThatThrownBy(() -> after(new AddUser("u".repeat(257), HASH)))
        .isInstanceOf(RejectedException.class)
        .hasMessage("user name: 257 bytes (expected: at most 256)");
  }

  @Test
  void rolesAreAddedOnceAndFoundByName() {
    assertRefused(AuthState.INITIAL, new AddRole(""), EtcdError.ROLE_EMPTY);
    assertRefused(after(new AddRole("r")), new AddRole("r"), EtcdError.ROLE_EXISTS);
    assertRefused(AuthState.INITIAL, new DeleteRole("r"), EtcdError.ROLE_NOT_FOUND);
    AuthState state = after(new AddUser("u", HASH));
    assertRefused(state, new GrantRole("u", "r"), EtcdError.ROLE_NOT_FOUND);
    assertRefused(state, new RevokeRole("u", "r"), EtcdError.ROLE_NOT_GRANTED);
    Permission permission = permission(Permission.Type.READ, "k", "");
    assertRefused(state, new GrantPermission("r", permission), EtcdError.ROLE_NOT_FOUND);
    assertRefused(
        state, new RevokePermission("r", bytes("k"), bytes("")), EtcdError.ROLE_NOT_FOUND);
  }

  @Test
  void aDeletedRoleIsNobodysAnyMore() {
    AuthState state = after(
        new AddUser("u", HASH),
        new AddRole("b"),
        new AddRole("a"),
        new GrantRole("u", "b"),
        new GrantRole("u", "a"));
    assertThat(state.requireUser("u").roles()).containsExactly("a", "b");

    state = after(state, new DeleteRole("b"));

    assertThat(state.requireUser("u").roles()).containsExactly("a");
    assertThat(state.roles()).containsOnlyKeys("a");
  }

  @Test
  void permissionsAreNamedByTheirExactRangesAndTheLastWordOnOneCounts() {
    AuthState state = after(
        new AddRole("r"),
        new GrantPermission("r", permission(Permission.Type.READ, "k", "m")),
        new GrantPermission("r", permission(Permission.Type.READ, "a", "")),
        new GrantPermission("r", permission(Permission.Type.READ, "k", "")),
        new GrantPermission("r", permission(Permission.Type.WRITE, "k", "m")));

    assertThat(state.requireRole("r").permissions())
        .containsExactly(
            permission(Permission.Type.READ, "a", ""),
            permission(Permission.Type.READ, "k", ""),
            permission(Permission.Type.WRITE, "k", "m"));
    assertRefused(
        state, new RevokePermission("r", bytes("k"), bytes("l")), EtcdError.PERMISSION_NOT_GRANTED);
    assertThat(after(state, new RevokePermission("r", bytes("k"), bytes("m")))
            .requireRole("r")
            .permissions())
        .hasSize(2);
  }

  @Test
  void aUserMayDoWhatAllRolesTogetherAllow() {
    AuthState state = after(
        new AddUser("u", HASH),
        new AddRole("r"),
        new AddRole("w"),
        new GrantRole("u", "r"),
        new GrantRole("u", "w"),
        new GrantPermission("r", permission(Permission.Type.READ, "a", "c")),
        new GrantPermission("w", permission(Permission.Type.READ_AND_WRITE, "c", "e")),
        new GrantPermission("w", permission(Permission.Type.WRITE, "x", "\0")));
    Permissions permissions = state.permissionsOf("u");

    assertThat(permissions.allowRead(keys("a", "e"))).isTrue();
    assertThat(permissions.allowRead(keys("d", ""))).isTrue();
    assertThat(permissions.allowRead(keys("e", ""))).isFalse();
    assertThat(permissions.allowWrite(keys("a", ""))).isFalse();
    assertThat(permissions.allowWrite(keys("c", "e"))).isTrue();
    assertThat(permissions.allowWrite(keys("y", "\0"))).isTrue();
    assertThat(permissions.allowRead(keys("y", ""))).isFalse();
    assertThat(state.permissionsOf("nobody").allowRead(keys("a", ""))).isFalse();
  }

  @Test
  void whoHasTheRoleRootMayDoEverything() {
    AuthState state =
        enabled(new AddUser("u", HASH), new AddUser("a", HASH), new GrantRole("a", "root"));

    assertThat(state.permissionsOf("a").allowWrite(KeyRange.ALL)).isTrue();
    assertThat(state.permissionsOf("u").allowRead(keys("k", ""))).isFalse();
    assertThatCode(() -> state.requireAdministrator("a")).doesNotThrowAnyException();
    assertThatThrownBy(() -> state.requireAdministrator("u"))
        .hasMessage(EtcdError.PERMISSION_DENIED.message());
    assertThatThrownBy(() -> state.requireAdministrator("nobody"))
        .hasMessage(EtcdError.USER_NOT_FOUND.message());
    assertThatThrownBy(() -> state.requireAdministrator(""))
        .hasMessage(EtcdError.USER_EMPTY.message());
    assertThatCode(() -> AuthState.INITIAL.requireAdministrator("")).doesNotThrowAnyException();
  }

  @Test
  void aChangedPasswordMakesOneWhoWasKnownUnknown() {
    AuthState state = enabled(new AddUser("u", HASH));
    long known = state.revision();
    assertThatCode(() -> state.requireStillKnown("u", known)).doesNotThrowAnyException();

    AuthState granted = after(state, new AddRole("r"), new GrantRole("u", "r"));
    assertThatCode(() -> granted.requireStillKnown("u", known)).doesNotThrowAnyException();

    AuthState changed = after(granted, new ChangePassword("u", hash("other")));
    assertThatThrownBy(() -> changed.requireStillKnown("u", known))
        .hasMessage(EtcdError.INVALID_AUTH_TOKEN.message());
    AuthState another = after(granted, new DeleteUser("u"), new AddUser("u", HASH));
    assertThatThrownBy(() -> another.requireStillKnown("u", known))
        .hasMessage(EtcdError.INVALID_AUTH_TOKEN.message());
  }

  @Test
  void aUserWithoutPasswordStaysWithout() {
    AuthState state = after(new AddUser("u", null), new ChangePassword("u", HASH));

    assertThat(state.requireUser("u").password()).isNull();
    assertThat(state.requireUser("u").since()).isEqualTo(3);
  }

  @Test
  void thereIsABoundOnAllTogetherAndToTakeAwayIsNeverRefused() {
    AuthState state = AuthState.INITIAL;
    for (int i = 0; i < 15; i++) {
      state = state.apply(new AddRole("role-" + i + "x".repeat(64 << 10)));
    }
    AuthState full = state;

    assertThatThrownBy(() -> full.apply(new AddRole("more" + "x".repeat(64 << 10))))
        .isInstanceOfSatisfying(RejectedException.class, refused -> {
          assertThat(refused.rejection().reason()).isEqualTo(Rejection.Reason.TOO_MANY);
          assertThat(refused.rejection().limit()).isEqualTo(AuthState.MAX_SIZE_BYTES);
        });
    assertThat(full.apply(new DeleteRole(full.roles().firstKey())).roles()).hasSize(14);
  }

  @Test
  void nothingSecretIsShown() {
    AuthState state = enabled();

    assertThat(state.toString()).contains("root").doesNotContain("secret hash", "salt", "\\000");
    assertThat(new AddUser("u", HASH).toString()).doesNotContain("secret hash", "salt", "size=");
    assertThat(new Enable(KEY).toString()).isEqualTo("Enable[tokenKey=TokenKey[not shown]]");
  }
}
