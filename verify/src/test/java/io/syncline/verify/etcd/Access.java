package io.syncline.verify.etcd;

import com.google.protobuf.ByteString;
import io.syncline.proto.etcd.auth.Permission;
import io.syncline.proto.etcd.auth.UserAddOptions;
import io.syncline.proto.etcd.v3.AuthDisableRequest;
import io.syncline.proto.etcd.v3.AuthEnableRequest;
import io.syncline.proto.etcd.v3.AuthRoleAddRequest;
import io.syncline.proto.etcd.v3.AuthRoleDeleteRequest;
import io.syncline.proto.etcd.v3.AuthRoleGetRequest;
import io.syncline.proto.etcd.v3.AuthRoleGrantPermissionRequest;
import io.syncline.proto.etcd.v3.AuthRoleListRequest;
import io.syncline.proto.etcd.v3.AuthRoleRevokePermissionRequest;
import io.syncline.proto.etcd.v3.AuthUserAddRequest;
import io.syncline.proto.etcd.v3.AuthUserChangePasswordRequest;
import io.syncline.proto.etcd.v3.AuthUserDeleteRequest;
import io.syncline.proto.etcd.v3.AuthUserGetRequest;
import io.syncline.proto.etcd.v3.AuthUserGrantRoleRequest;
import io.syncline.proto.etcd.v3.AuthUserListRequest;
import io.syncline.proto.etcd.v3.AuthUserRevokeRoleRequest;
import io.syncline.proto.etcd.v3.AuthenticateRequest;
import io.syncline.proto.etcd.v3.RequestOp;
import io.syncline.proto.etcd.v3.TxnRequest;
import io.syncline.verify.etcd.Operation.Call;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Makes up operations on users and roles, switches authentication on and off, and lets users, and
 * others, do what they may and may not with keys and leases.
 */
final class Access implements Generator {
  private static final String ROOT = "root";
  private static final List<String> USERS = List.of(ROOT, "alice", "bob", "carol");
  private static final List<String> ROLES = List.of(ROOT, "reader", "writer", "all");
  private static final List<String> PASSWORDS = List.of("secret", "other", "");

  private final Random random;
  private final Known known = new Known();
  private final Keys keys;
  private final KeyOperations operations;
  private final Transactions transactions;
  private final Leases leases;
  private int begun;
  private String rejected = "";
  /** Users whose tokens were taken when they came last. */
  private final Set<String> admitted = new HashSet<>();

  private boolean enabled;

  Access(long seed) {
    random = new Random(seed);
    keys = new Keys(random);
    operations = new KeyOperations(random, known);
    transactions = new Transactions(random, known, operations);
    leases = new Leases(random, operations);
  }

  private boolean once(int in) {
    return random.nextInt(in) == 0;
  }

  /** Begins with what has to be there before authentication can be switched on. */
  @Override
  public Operation next() {
    Way way = Way.any(random).as(by());
    if (enabled && !rejected.isEmpty() && once(2)) {
      String user = rejected;
      rejected = "";
      return new Call(Method.AUTHENTICATE, authenticate(user), way.as(""));
    }
    return switch (begun++) {
      case 0 -> new Call(Method.AUTH_ENABLE, AuthEnableRequest.getDefaultInstance(), way);
      case 1 -> new Call(Method.USER_ADD, user(ROOT, "secret"), way);
      case 2 -> new Call(Method.AUTH_ENABLE, AuthEnableRequest.getDefaultInstance(), way);
      case 3 -> new Call(Method.USER_GRANT_ROLE, grant(ROOT, ROOT), way);
      default -> any(way);
    };
  }

  /** Mostly root, so that something changes; while authentication is off nobody. */
  private String by() {
    if (!enabled) {
      return "";
    }
    return new Draw<String>()
        .add(50, () -> ROOT)
        .add(35, () -> USERS.get(random.nextInt(USERS.size())))
        .add(10, () -> "")
        .add(3, () -> Session.STRANGER)
        .from(random);
  }

  private Operation any(Way way) {
    return new Draw<Operation>()
        .add(10, () -> new Call(Method.AUTHENTICATE, authenticate(userName()), way.as("")))
        .add(8, () -> new Call(Method.AUTH_ENABLE, AuthEnableRequest.getDefaultInstance(), way))
        .add(1, () -> new Call(Method.AUTH_DISABLE, AuthDisableRequest.getDefaultInstance(), way))
        .add(2, () -> new Call(Method.USER_ADD, user(ROOT, "secret"), way))
        .add(2, () -> new Call(Method.USER_GRANT_ROLE, grant(ROOT, ROOT), way))
        .add(25, () -> onUsers(way))
        .add(25, () -> onRoles(way))
        .add(40, () -> onKeys(enabled ? way.as(USERS.get(random.nextInt(USERS.size()))) : way))
        .add(8, () -> onKeys(way))
        .from(random);
  }

  private String userName() {
    return once(30) ? "" : once(20) ? "nobody" : USERS.get(random.nextInt(USERS.size()));
  }

  private String roleName() {
    return once(30) ? "" : once(20) ? "nothing" : ROLES.get(random.nextInt(ROLES.size()));
  }

  /** Mostly the one that a user has at first. */
  private String password() {
    return once(5) ? PASSWORDS.get(random.nextInt(PASSWORDS.size())) : "secret";
  }

  private AuthenticateRequest authenticate(String user) {
    return AuthenticateRequest.newBuilder()
        .setName(user)
        .setPassword(password())
        .build();
  }

  private Operation onUsers(Way way) {
    return new Draw<Operation>()
        .add(8, () -> new Call(Method.USER_ADD, user(userName(), password()), way))
        .add(
            4,
            () -> new Call(
                Method.USER_GET,
                AuthUserGetRequest.newBuilder().setName(userName()).build(),
                way))
        .add(3, () -> new Call(Method.USERS, AuthUserListRequest.getDefaultInstance(), way))
        .add(
            2,
            () -> new Call(
                Method.USER_DELETE,
                AuthUserDeleteRequest.newBuilder().setName(userName()).build(),
                way))
        .add(2, () -> new Call(Method.USER_CHANGE_PASSWORD, newPassword(), way))
        .add(8, () -> new Call(Method.USER_GRANT_ROLE, grant(userName(), roleName()), way))
        .add(3, () -> new Call(Method.USER_REVOKE_ROLE, revoke(), way))
        .from(random);
  }

  private AuthUserAddRequest user(String name, String password) {
    var user = AuthUserAddRequest.newBuilder().setName(name).setPassword(password);
    if (!name.equals(ROOT) && once(6)) {
      user.setPassword("").setOptions(UserAddOptions.newBuilder().setNoPassword(true));
    }
    return user.build();
  }

  private AuthUserChangePasswordRequest newPassword() {
    return AuthUserChangePasswordRequest.newBuilder()
        .setName(userName())
        .setPassword(password())
        .build();
  }

  private static AuthUserGrantRoleRequest grant(String user, String role) {
    return AuthUserGrantRoleRequest.newBuilder().setUser(user).setRole(role).build();
  }

  private AuthUserRevokeRoleRequest revoke() {
    return AuthUserRevokeRoleRequest.newBuilder()
        .setName(userName())
        .setRole(roleName())
        .build();
  }

  private Operation onRoles(Way way) {
    return new Draw<Operation>()
        .add(
            6,
            () -> new Call(
                Method.ROLE_ADD,
                AuthRoleAddRequest.newBuilder().setName(roleName()).build(),
                way))
        .add(
            4,
            () -> new Call(
                Method.ROLE_GET,
                AuthRoleGetRequest.newBuilder().setRole(roleName()).build(),
                way))
        .add(3, () -> new Call(Method.ROLES, AuthRoleListRequest.getDefaultInstance(), way))
        .add(
            1,
            () -> new Call(
                Method.ROLE_DELETE,
                AuthRoleDeleteRequest.newBuilder().setRole(roleName()).build(),
                way))
        .add(10, () -> new Call(Method.ROLE_GRANT_PERMISSION, grantPermission(), way))
        .add(4, () -> new Call(Method.ROLE_REVOKE_PERMISSION, revokePermission(), way))
        .from(random);
  }

  /** Of single keys, of ranges with an end after their beginning, and from a key on. */
  private Keys.Span span() {
    Keys.Span span = keys.properSpan();
    return once(8) ? new Keys.Span(span.key(), Keys.FROM_KEY) : span;
  }

  private AuthRoleGrantPermissionRequest grantPermission() {
    Keys.Span span = span();
    return AuthRoleGrantPermissionRequest.newBuilder()
        .setName(roleName())
        .setPerm(Permission.newBuilder()
            .setPermTypeValue(random.nextInt(3))
            .setKey(span.key())
            .setRangeEnd(span.end()))
        .build();
  }

  private AuthRoleRevokePermissionRequest revokePermission() {
    Keys.Span span = span();
    return AuthRoleRevokePermissionRequest.newBuilder()
        .setRole(roleName())
        .setKey(span.key())
        .setRangeEnd(once(3) ? ByteString.EMPTY : span.end())
        .build();
  }

  private Operation onKeys(Way way) {
    Keys.Span span = span();
    return new Draw<Operation>()
        .add(
            10,
            () -> new Call(
                Method.RANGE,
                operations.range().toBuilder()
                    .setKey(span.key())
                    .setRangeEnd(span.end())
                    .build(),
                way))
        .add(10, () -> new Call(Method.PUT, operations.put(), way))
        .add(4, () -> new Call(Method.DELETE_RANGE, operations.delete(span), way))
        .add(isKnown(way) ? 6 : 0, () -> new Call(Method.TXN, flat(transactions.proper()), way))
        .add(isKnown(way) ? 1 : 0, () -> new Call(Method.COMPACT, operations.compaction(), way))
        .add(isKnown(way) ? 6 : 0, () -> leases.unary(way))
        .from(random);
  }

  /** Whether both stores know who calls. */
  private boolean isKnown(Way way) {
    return !enabled || admitted.contains(way.user());
  }

  /** Without what etcd 3.4 does not look at: transactions within, and previous values. */
  private static TxnRequest flat(TxnRequest txn) {
    return txn.toBuilder()
        .clearSuccess()
        .addAllSuccess(flat(txn.getSuccessList()))
        .clearFailure()
        .addAllFailure(flat(txn.getFailureList()))
        .build();
  }

  private static List<RequestOp> flat(List<RequestOp> operations) {
    return operations.stream()
        .filter(op -> !op.hasRequestTxn())
        .map(Access::flat)
        .toList();
  }

  private static RequestOp flat(RequestOp operation) {
    var flat = operation.toBuilder();
    if (flat.hasRequestPut()) {
      flat.getRequestPutBuilder().clearPrevKv();
    } else if (flat.hasRequestDeleteRange()) {
      flat.getRequestDeleteRangeBuilder().clearPrevKv();
    }
    return flat.build();
  }

  /** Who is rejected for want of a token soon asks for one, or nothing would be allowed for long. */
  @Override
  public void learn(Operation operation, Answer answer) {
    known.learn(operation, answer);
    boolean unknown = answer.toString().contains("invalid auth token")
        || answer.toString().contains("user name is empty");
    if (answer.isOk() && operation instanceof Call call) {
      boolean on = call.method().equals(Method.AUTH_ENABLE);
      boolean off = call.method().equals(Method.AUTH_DISABLE);
      enabled = on || (enabled && !off);
    }
    if (answer.isOk()
        && operation instanceof Call call
        && call.method().equals(Method.AUTHENTICATE)) {
      admitted.add(((AuthenticateRequest) call.request()).getName());
    }
    if (unknown && operation instanceof Call call && USERS.contains(call.way().user())) {
      rejected = call.way().user();
      admitted.remove(rejected);
    }
  }

  @Override
  public Operation last() {
    return new Call(Method.USERS, AuthUserListRequest.getDefaultInstance(), Way.GRPC.as(ROOT));
  }
}
