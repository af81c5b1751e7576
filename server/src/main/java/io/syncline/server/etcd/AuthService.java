package io.syncline.server.etcd;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import io.syncline.model.AuthChange;
import io.syncline.model.AuthRole;
import io.syncline.model.AuthState;
import io.syncline.model.AuthUser;
import io.syncline.model.EtcdError;
import io.syncline.model.KeyspaceCommand;
import io.syncline.model.Permission;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.TokenKey;
import io.syncline.proto.etcd.v3.AuthDisableRequest;
import io.syncline.proto.etcd.v3.AuthDisableResponse;
import io.syncline.proto.etcd.v3.AuthEnableRequest;
import io.syncline.proto.etcd.v3.AuthEnableResponse;
import io.syncline.proto.etcd.v3.AuthGrpc.AuthImplBase;
import io.syncline.proto.etcd.v3.AuthRoleAddRequest;
import io.syncline.proto.etcd.v3.AuthRoleAddResponse;
import io.syncline.proto.etcd.v3.AuthRoleDeleteRequest;
import io.syncline.proto.etcd.v3.AuthRoleDeleteResponse;
import io.syncline.proto.etcd.v3.AuthRoleGetRequest;
import io.syncline.proto.etcd.v3.AuthRoleGetResponse;
import io.syncline.proto.etcd.v3.AuthRoleGrantPermissionRequest;
import io.syncline.proto.etcd.v3.AuthRoleGrantPermissionResponse;
import io.syncline.proto.etcd.v3.AuthRoleListRequest;
import io.syncline.proto.etcd.v3.AuthRoleListResponse;
import io.syncline.proto.etcd.v3.AuthRoleRevokePermissionRequest;
import io.syncline.proto.etcd.v3.AuthRoleRevokePermissionResponse;
import io.syncline.proto.etcd.v3.AuthStatusRequest;
import io.syncline.proto.etcd.v3.AuthStatusResponse;
import io.syncline.proto.etcd.v3.AuthUserAddRequest;
import io.syncline.proto.etcd.v3.AuthUserAddResponse;
import io.syncline.proto.etcd.v3.AuthUserChangePasswordRequest;
import io.syncline.proto.etcd.v3.AuthUserChangePasswordResponse;
import io.syncline.proto.etcd.v3.AuthUserDeleteRequest;
import io.syncline.proto.etcd.v3.AuthUserDeleteResponse;
import io.syncline.proto.etcd.v3.AuthUserGetRequest;
import io.syncline.proto.etcd.v3.AuthUserGetResponse;
import io.syncline.proto.etcd.v3.AuthUserGrantRoleRequest;
import io.syncline.proto.etcd.v3.AuthUserGrantRoleResponse;
import io.syncline.proto.etcd.v3.AuthUserListRequest;
import io.syncline.proto.etcd.v3.AuthUserListResponse;
import io.syncline.proto.etcd.v3.AuthUserRevokeRoleRequest;
import io.syncline.proto.etcd.v3.AuthUserRevokeRoleResponse;
import io.syncline.proto.etcd.v3.AuthenticateRequest;
import io.syncline.proto.etcd.v3.AuthenticateResponse;
import io.syncline.proto.etcd.v3.ResponseHeader;
import io.syncline.server.rpc.Answers;
import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code etcdserverpb.Auth}. */
final class AuthService extends AuthImplBase {
  private final Keyspace keyspace;
  private final Access access;
  private final Passwords passwords;
  private final Tokens tokens;
  private final SecureRandom random;
  private final Answers answers;

  /**
   * @param random makes the keys of tokens
   */
  AuthService(
      Keyspace keyspace,
      Access access,
      Passwords passwords,
      Tokens tokens,
      SecureRandom random,
      Answers answers) {
    this.keyspace = keyspace;
    this.access = access;
    this.passwords = passwords;
    this.tokens = tokens;
    this.random = random;
    this.answers = answers;
  }

  @Override
  public void authenticate(
      AuthenticateRequest request, StreamObserver<AuthenticateResponse> caller) {
    answers.answer(
        caller,
        () -> keyspace
            .fresh()
            .thenCompose(fresh -> authenticate(request.getName(), request.getPassword()))
            .thenApply(token -> AuthenticateResponse.newBuilder()
                .setHeader(keyspace.header())
                .setToken(token)
                .build()));
  }

  /** A token; one that is void already, if the password changes meanwhile. */
  private CompletableFuture<String> authenticate(String name, String password) {
    AuthState state = access.state();
    TokenKey key = state.tokenKey();
    if (key == null) {
      throw EtcdError.AUTH_NOT_ENABLED.exception();
    }
    @Nullable AuthUser user = state.user(name);
    return passwords.matches(password, user == null ? null : user.password()).thenApply(matches -> {
      if (user == null || !matches) {
        throw EtcdError.AUTHENTICATION_FAILED.exception();
      }
      return tokens.issue(user, state.revision(), key);
    });
  }

  @Override
  public void authEnable(AuthEnableRequest request, StreamObserver<AuthEnableResponse> caller) {
    change(
        caller,
        () -> new AuthChange.Enable(newKey()),
        header -> AuthEnableResponse.newBuilder().setHeader(header).build());
  }

  private TokenKey newKey() {
    byte[] key = new byte[TokenKey.SIZE_BYTES];
    random.nextBytes(key);
    return new TokenKey(ByteString.copyFrom(key));
  }

  @Override
  public void authDisable(AuthDisableRequest request, StreamObserver<AuthDisableResponse> caller) {
    change(
        caller,
        AuthChange.Disable::new,
        header -> AuthDisableResponse.newBuilder().setHeader(header).build());
  }

  @Override
  public void authStatus(AuthStatusRequest request, StreamObserver<AuthStatusResponse> caller) {
    tellAdministrators(
        caller,
        (state, header) -> AuthStatusResponse.newBuilder()
            .setHeader(header)
            .setEnabled(state.enabled())
            .setAuthRevision(state.revision())
            .build());
  }

  @Override
  public void userAdd(AuthUserAddRequest request, StreamObserver<AuthUserAddResponse> caller) {
    String name = request.getName();
    boolean withoutPassword = request.getOptions().getNoPassword();
    changeSlowly(
        caller,
        () -> {
          if (name.isEmpty()) {
            throw EtcdError.USER_EMPTY.exception();
          }
          return withoutPassword
              ? CompletableFuture.completedFuture(new AuthChange.AddUser(name, null))
              : passwords
                  .hash(request.getPassword())
                  .thenApply(hash -> new AuthChange.AddUser(name, hash));
        },
        header -> AuthUserAddResponse.newBuilder().setHeader(header).build());
  }

  @Override
  public void userChangePassword(
      AuthUserChangePasswordRequest request,
      StreamObserver<AuthUserChangePasswordResponse> caller) {
    changeSlowly(
        caller,
        () -> passwords
            .hash(request.getPassword())
            .thenApply(hash -> new AuthChange.ChangePassword(request.getName(), hash)),
        header -> AuthUserChangePasswordResponse.newBuilder().setHeader(header).build());
  }

  @Override
  public void userDelete(
      AuthUserDeleteRequest request, StreamObserver<AuthUserDeleteResponse> caller) {
    change(
        caller,
        () -> new AuthChange.DeleteUser(request.getName()),
        header -> AuthUserDeleteResponse.newBuilder().setHeader(header).build());
  }

  @Override
  public void userGrantRole(
      AuthUserGrantRoleRequest request, StreamObserver<AuthUserGrantRoleResponse> caller) {
    change(
        caller,
        () -> new AuthChange.GrantRole(request.getUser(), request.getRole()),
        header -> AuthUserGrantRoleResponse.newBuilder().setHeader(header).build());
  }

  @Override
  public void userRevokeRole(
      AuthUserRevokeRoleRequest request, StreamObserver<AuthUserRevokeRoleResponse> caller) {
    change(
        caller,
        () -> new AuthChange.RevokeRole(request.getName(), request.getRole()),
        header -> AuthUserRevokeRoleResponse.newBuilder().setHeader(header).build());
  }

  @Override
  public void roleAdd(AuthRoleAddRequest request, StreamObserver<AuthRoleAddResponse> caller) {
    change(
        caller,
        () -> new AuthChange.AddRole(request.getName()),
        header -> AuthRoleAddResponse.newBuilder().setHeader(header).build());
  }

  @Override
  public void roleDelete(
      AuthRoleDeleteRequest request, StreamObserver<AuthRoleDeleteResponse> caller) {
    change(
        caller,
        () -> new AuthChange.DeleteRole(request.getRole()),
        header -> AuthRoleDeleteResponse.newBuilder().setHeader(header).build());
  }

  @Override
  public void roleGrantPermission(
      AuthRoleGrantPermissionRequest request,
      StreamObserver<AuthRoleGrantPermissionResponse> caller) {
    change(
        caller,
        () -> new AuthChange.GrantPermission(request.getName(), permissionOf(request)),
        header -> AuthRoleGrantPermissionResponse.newBuilder().setHeader(header).build());
  }

  private static Permission permissionOf(AuthRoleGrantPermissionRequest request) {
    if (!request.hasPerm()) {
      throw EtcdError.PERMISSION_NOT_GIVEN.exception();
    }
    try {
      return new Permission(
          Permission.Type.ofNumber(request.getPerm().getPermTypeValue()),
          request.getPerm().getKey(),
          request.getPerm().getRangeEnd());
    } catch (IllegalArgumentException e) {
      throw new RejectedException(Rejection.badArgument(String.valueOf(e.getMessage())));
    }
  }

  @Override
  public void roleRevokePermission(
      AuthRoleRevokePermissionRequest request,
      StreamObserver<AuthRoleRevokePermissionResponse> caller) {
    change(
        caller,
        () -> new AuthChange.RevokePermission(
            request.getRole(), request.getKey(), request.getRangeEnd()),
        header ->
            AuthRoleRevokePermissionResponse.newBuilder().setHeader(header).build());
  }

  /** Users may look at themselves. */
  @Override
  public void userGet(AuthUserGetRequest request, StreamObserver<AuthUserGetResponse> caller) {
    Caller who = Caller.current();
    tell(
        caller,
        state -> requireOr(who, request.getName().equals(who.user())),
        (state, header) -> AuthUserGetResponse.newBuilder()
            .setHeader(header)
            .addAllRoles(state.requireUser(request.getName()).roles())
            .build());
  }

  /** Users may look at the roles that they have. */
  @Override
  public void roleGet(AuthRoleGetRequest request, StreamObserver<AuthRoleGetResponse> caller) {
    Caller who = Caller.current();
    tell(
        caller,
        state -> {
          AuthUser user = state.user(who.user());
          requireOr(who, user != null && user.has(request.getRole()));
        },
        (state, header) -> {
          var response = AuthRoleGetResponse.newBuilder().setHeader(header);
          AuthRole role = state.requireRole(request.getRole());
          role.permissions().forEach(permission -> response.addPerm(toProto(permission)));
          return response.build();
        });
  }

  private static io.syncline.proto.etcd.auth.Permission toProto(Permission permission) {
    return io.syncline.proto.etcd.auth.Permission.newBuilder()
        .setPermTypeValue(permission.type().number())
        .setKey(permission.key())
        .setRangeEnd(permission.rangeEnd())
        .build();
  }

  private void requireOr(Caller who, boolean concerned) {
    if (concerned) {
      access.requireKnown(who);
    } else {
      access.requireAdministrator(who);
    }
  }

  @Override
  public void userList(AuthUserListRequest request, StreamObserver<AuthUserListResponse> caller) {
    tellAdministrators(
        caller,
        (state, header) -> AuthUserListResponse.newBuilder()
            .setHeader(header)
            .addAllUsers(state.users().keySet())
            .build());
  }

  @Override
  public void roleList(AuthRoleListRequest request, StreamObserver<AuthRoleListResponse> caller) {
    tellAdministrators(
        caller,
        (state, header) -> AuthRoleListResponse.newBuilder()
            .setHeader(header)
            .addAllRoles(state.roles().keySet())
            .build());
  }

  private interface Telling<T> {
    T tell(AuthState state, ResponseHeader header);
  }

  private interface Looking {
    void look(AuthState state);
  }

  private <T> void tellAdministrators(StreamObserver<T> caller, Telling<T> telling) {
    Caller who = Caller.current();
    tell(caller, state -> access.requireAdministrator(who), telling);
  }

  private <T> void tell(StreamObserver<T> caller, Looking looking, Telling<T> telling) {
    answers.answer(
        caller,
        () -> keyspace.fresh().thenCompose(fresh -> keyspace.found()).thenApply(there -> {
          AuthState state = access.state();
          looking.look(state);
          return telling.tell(state, keyspace.header());
        }));
  }

  private <T> void change(
      StreamObserver<T> caller, Supplier<AuthChange> change, Function<ResponseHeader, T> answer) {
    changeSlowly(caller, () -> CompletableFuture.completedFuture(change.get()), answer);
  }

  /**
   * @param change asked for only by those who may
   */
  private <T> void changeSlowly(
      StreamObserver<T> caller,
      Supplier<CompletableFuture<AuthChange>> change,
      Function<ResponseHeader, T> answer) {
    Caller who = Caller.current();
    answers.answer(caller, () -> {
      access.requireAdministrator(who);
      return change
          .get()
          .thenCompose(decided -> keyspace
              .found()
              .thenCompose(there -> access.permitted(
                  who,
                  () -> access.requireAdministrator(who),
                  known -> keyspace.carryOut(known, new KeyspaceCommand.ChangeAuth(decided)))))
          .thenApply(done -> answer.apply(keyspace.header(done.revision())));
    });
  }
}
