package io.syncline.codec;

import com.google.protobuf.InvalidProtocolBufferException;
import io.syncline.model.AuthChange;
import io.syncline.model.AuthRole;
import io.syncline.model.AuthState;
import io.syncline.model.AuthUser;
import io.syncline.model.Fault;
import io.syncline.model.PasswordHash;
import io.syncline.model.Permission;
import io.syncline.model.TokenKey;
import io.syncline.proto.log.v1.LogAddRole;
import io.syncline.proto.log.v1.LogAddUser;
import io.syncline.proto.log.v1.LogChangeAuth;
import io.syncline.proto.log.v1.LogChangePassword;
import io.syncline.proto.log.v1.LogDeleteRole;
import io.syncline.proto.log.v1.LogDeleteUser;
import io.syncline.proto.log.v1.LogDisableAuth;
import io.syncline.proto.log.v1.LogEnableAuth;
import io.syncline.proto.log.v1.LogGrantPermission;
import io.syncline.proto.log.v1.LogGrantRole;
import io.syncline.proto.log.v1.LogPasswordHash;
import io.syncline.proto.log.v1.LogRevokePermission;
import io.syncline.proto.log.v1.LogRevokeRole;
import io.syncline.proto.storage.v1.StoredAuth;
import io.syncline.proto.storage.v1.StoredPasswordHash;
import io.syncline.proto.storage.v1.StoredPermission;
import io.syncline.proto.storage.v1.StoredRole;
import io.syncline.proto.storage.v1.StoredUser;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Function;

/** Users and roles, and changes of them, as they stand in the log and in the store. */
public final class AuthCodec {
  private AuthCodec() {}

  static LogChangeAuth encode(AuthChange change) {
    var to = LogChangeAuth.newBuilder();
    if (change instanceof AuthChange.Enable enable) {
      to.setEnable(LogEnableAuth.newBuilder().setTokenKey(enable.tokenKey().bytes()));
    } else if (change instanceof AuthChange.Disable) {
      to.setDisable(LogDisableAuth.getDefaultInstance());
    } else if (change instanceof AuthChange.AddUser add) {
      var user = LogAddUser.newBuilder().setName(add.name());
      PasswordHash password = add.password();
      if (password != null) {
        user.setPassword(encode(password));
      }
      to.setAddUser(user);
    } else if (change instanceof AuthChange.DeleteUser delete) {
      to.setDeleteUser(LogDeleteUser.newBuilder().setName(delete.name()));
    } else if (change instanceof AuthChange.ChangePassword password) {
      to.setChangePassword(LogChangePassword.newBuilder()
          .setName(password.name())
          .setPassword(encode(password.password())));
    } else if (change instanceof AuthChange.GrantRole grant) {
      to.setGrantRole(LogGrantRole.newBuilder().setUser(grant.user()).setRole(grant.role()));
    } else if (change instanceof AuthChange.RevokeRole revoke) {
      to.setRevokeRole(LogRevokeRole.newBuilder().setUser(revoke.user()).setRole(revoke.role()));
    } else if (change instanceof AuthChange.AddRole add) {
      to.setAddRole(LogAddRole.newBuilder().setName(add.name()));
    } else if (change instanceof AuthChange.DeleteRole delete) {
      to.setDeleteRole(LogDeleteRole.newBuilder().setName(delete.name()));
    } else if (change instanceof AuthChange.GrantPermission grant) {
      to.setGrantPermission(LogGrantPermission.newBuilder()
          .setRole(grant.role())
          .setType(grant.permission().type().number())
          .setKey(grant.permission().key())
          .setRangeEnd(grant.permission().rangeEnd()));
    } else if (change instanceof AuthChange.RevokePermission revoke) {
      to.setRevokePermission(LogRevokePermission.newBuilder()
          .setRole(revoke.role())
          .setKey(revoke.key())
          .setRangeEnd(revoke.rangeEnd()));
    }
    return to.build();
  }

  static AuthChange decode(LogChangeAuth logged) {
    return switch (logged.getChangeCase()) {
      case ENABLE -> new AuthChange.Enable(new TokenKey(logged.getEnable().getTokenKey()));
      case DISABLE -> new AuthChange.Disable();
      case ADD_USER ->
        new AuthChange.AddUser(
            logged.getAddUser().getName(),
            logged.getAddUser().hasPassword() ? decode(logged.getAddUser().getPassword()) : null);
      case DELETE_USER -> new AuthChange.DeleteUser(logged.getDeleteUser().getName());
      case CHANGE_PASSWORD ->
        new AuthChange.ChangePassword(
            logged.getChangePassword().getName(),
            decode(logged.getChangePassword().getPassword()));
      case GRANT_ROLE ->
        new AuthChange.GrantRole(
            logged.getGrantRole().getUser(), logged.getGrantRole().getRole());
      case REVOKE_ROLE ->
        new AuthChange.RevokeRole(
            logged.getRevokeRole().getUser(), logged.getRevokeRole().getRole());
      case ADD_ROLE -> new AuthChange.AddRole(logged.getAddRole().getName());
      case DELETE_ROLE -> new AuthChange.DeleteRole(logged.getDeleteRole().getName());
      case GRANT_PERMISSION ->
        new AuthChange.GrantPermission(
            logged.getGrantPermission().getRole(),
            new Permission(
                Permission.Type.ofNumber(logged.getGrantPermission().getType()),
                logged.getGrantPermission().getKey(),
                logged.getGrantPermission().getRangeEnd()));
      case REVOKE_PERMISSION ->
        new AuthChange.RevokePermission(
            logged.getRevokePermission().getRole(),
            logged.getRevokePermission().getKey(),
            logged.getRevokePermission().getRangeEnd());
      case CHANGE_NOT_SET ->
        throw new IllegalArgumentException("change of users and roles: none this version knows");
    };
  }

  private static LogPasswordHash encode(PasswordHash password) {
    return LogPasswordHash.newBuilder()
        .setIterations(password.iterations())
        .setSalt(password.salt())
        .setHash(password.hash())
        .build();
  }

  private static PasswordHash decode(LogPasswordHash logged) {
    return new PasswordHash(logged.getIterations(), logged.getSalt(), logged.getHash());
  }

  public static byte[] encode(AuthState auth) {
    var stored = StoredAuth.newBuilder().setRevision(auth.revision());
    TokenKey tokenKey = auth.tokenKey();
    if (tokenKey != null) {
      stored.setTokenKey(tokenKey.bytes());
    }
    auth.users().values().forEach(user -> stored.addUsers(encode(user)));
    auth.roles().values().forEach(role -> stored.addRoles(encode(role)));
    return stored.build().toByteArray();
  }

  /**
   * @throws Fault if it does not decode
   */
  public static AuthState decodeState(byte[] bytes) {
    try {
      StoredAuth stored = StoredAuth.parseFrom(bytes);
      return new AuthState(
          stored.getRevision(),
          stored.hasTokenKey() ? new TokenKey(stored.getTokenKey()) : null,
          byName(stored.getUsersList().stream().map(AuthCodec::decode).toList(), AuthUser::name),
          byName(stored.getRolesList().stream().map(AuthCodec::decode).toList(), AuthRole::name));
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      throw new Fault("store: users and roles of " + bytes.length + " bytes do not decode", e);
    }
  }

  private static <T> NavigableMap<String, T> byName(List<T> values, Function<T, String> name) {
    var byName = new TreeMap<String, T>();
    values.forEach(value -> byName.put(name.apply(value), value));
    return byName;
  }

  private static StoredUser encode(AuthUser user) {
    var stored = StoredUser.newBuilder()
        .setName(user.name())
        .setSince(user.since())
        .addAllRoles(user.roles());
    PasswordHash password = user.password();
    if (password != null) {
      stored.setPassword(StoredPasswordHash.newBuilder()
          .setIterations(password.iterations())
          .setSalt(password.salt())
          .setHash(password.hash()));
    }
    return stored.build();
  }

  private static AuthUser decode(StoredUser stored) {
    StoredPasswordHash password = stored.getPassword();
    return new AuthUser(
        stored.getName(),
        stored.hasPassword()
            ? new PasswordHash(password.getIterations(), password.getSalt(), password.getHash())
            : null,
        stored.getSince(),
        stored.getRolesList());
  }

  private static StoredRole encode(AuthRole role) {
    var stored = StoredRole.newBuilder().setName(role.name());
    role.permissions()
        .forEach(permission -> stored.addPermissions(StoredPermission.newBuilder()
            .setType(permission.type().number())
            .setKey(permission.key())
            .setRangeEnd(permission.rangeEnd())));
    return stored.build();
  }

  private static AuthRole decode(StoredRole stored) {
    return new AuthRole(
        stored.getName(),
        stored.getPermissionsList().stream()
            .map(permission -> new Permission(
                Permission.Type.ofNumber(permission.getType()),
                permission.getKey(),
                permission.getRangeEnd()))
            .toList());
  }
}
