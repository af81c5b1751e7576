package io.syncline.server.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.AbstractBlockingStub;
import io.grpc.stub.MetadataUtils;
import io.syncline.model.Endpoint;
import io.syncline.proto.etcd.auth.Permission;
import io.syncline.proto.etcd.auth.UserAddOptions;
import io.syncline.proto.etcd.v3.AuthDisableRequest;
import io.syncline.proto.etcd.v3.AuthEnableRequest;
import io.syncline.proto.etcd.v3.AuthGrpc;
import io.syncline.proto.etcd.v3.AuthGrpc.AuthBlockingStub;
import io.syncline.proto.etcd.v3.AuthRoleAddRequest;
import io.syncline.proto.etcd.v3.AuthRoleGetRequest;
import io.syncline.proto.etcd.v3.AuthRoleGrantPermissionRequest;
import io.syncline.proto.etcd.v3.AuthRoleListRequest;
import io.syncline.proto.etcd.v3.AuthRoleRevokePermissionRequest;
import io.syncline.proto.etcd.v3.AuthStatusRequest;
import io.syncline.proto.etcd.v3.AuthUserAddRequest;
import io.syncline.proto.etcd.v3.AuthUserChangePasswordRequest;
import io.syncline.proto.etcd.v3.AuthUserDeleteRequest;
import io.syncline.proto.etcd.v3.AuthUserGetRequest;
import io.syncline.proto.etcd.v3.AuthUserGrantRoleRequest;
import io.syncline.proto.etcd.v3.AuthUserListRequest;
import io.syncline.proto.etcd.v3.AuthenticateRequest;
import io.syncline.proto.etcd.v3.ClusterGrpc;
import io.syncline.proto.etcd.v3.CompactionRequest;
import io.syncline.proto.etcd.v3.DefragmentRequest;
import io.syncline.proto.etcd.v3.HashKVRequest;
import io.syncline.proto.etcd.v3.KVGrpc;
import io.syncline.proto.etcd.v3.KVGrpc.KVBlockingStub;
import io.syncline.proto.etcd.v3.MaintenanceGrpc;
import io.syncline.proto.etcd.v3.MemberListRequest;
import io.syncline.proto.etcd.v3.MoveLeaderRequest;
import io.syncline.proto.etcd.v3.PutRequest;
import io.syncline.proto.etcd.v3.RangeRequest;
import io.syncline.proto.etcd.v3.StatusRequest;
import io.syncline.server.LocalCluster;
import io.syncline.server.node.EtcdSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users and roles at the etcd door of three voters, as a client of etcd sees them. */
class AuthServiceTest {
  private static final Metadata.Key<String> TOKEN =
      Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);
  private static final String NO_NAME = "INVALID_ARGUMENT: etcdserver: user name is empty";
  private static final String BAD_TOKEN = "UNAUTHENTICATED: etcdserver: invalid auth token";
  private static final String DENIED = "PERMISSION_DENIED: etcdserver: permission denied";
  private static final String BAD_PASSWORD =
      "INVALID_ARGUMENT: etcdserver: authentication failed, invalid user ID or password";

  @TempDir
  static Path root;

  private static LocalCluster cluster;
  private static final List<ManagedChannel> CHANNELS = new ArrayList<>();

  @BeforeAll
  static void start() {
    cluster = new LocalCluster(
        root,
        3,
        builder -> builder.etcd(EtcdSettings.DEFAULT.withListen(new Endpoint("127.0.0.1", 0))));
    startAll();
    var unused = root().userAdd(user("root", "root's"));
    root().userGrantRole(grant("root", "root"));
  }

  private static void startAll() {
    for (var address : cluster.addresses()) {
      Endpoint etcd = cluster.start(address.name()).etcdEndpoint().orElseThrow();
      CHANNELS.add(NettyChannelBuilder.forAddress("127.0.0.1", etcd.port())
          .usePlaintext()
          .build());
    }
    cluster.awaitLeader();
    // a voter that does not know the leader yet says so
    CHANNELS.forEach(channel -> await().atMost(LocalCluster.PATIENCE).until(() -> leads(channel)));
  }

  private static boolean leads(ManagedChannel channel) {
    try {
      return KVGrpc.newBlockingStub(channel).range(get("k")).hasHeader();
    } catch (StatusRuntimeException e) {
      return switch (e.getStatus().getCode()) {
        case UNAVAILABLE, FAILED_PRECONDITION -> false;
        default -> true;
      };
    }
  }

  @AfterAll
  static void stop() {
    stopAll();
    cluster.close();
  }

  private static void stopAll() {
    CHANNELS.forEach(ManagedChannel::shutdownNow);
    CHANNELS.clear();
    cluster.stopAll();
  }

  private static AuthBlockingStub auth() {
    return AuthGrpc.newBlockingStub(CHANNELS.get(0));
  }

  private static KVBlockingStub kv() {
    return KVGrpc.newBlockingStub(CHANNELS.get(1));
  }

  private static <S extends AbstractBlockingStub<S>> S with(S stub, String token) {
    var headers = new Metadata();
    headers.put(TOKEN, token);
    return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  /** Whatever was enabled before. */
  private static AuthBlockingStub root() {
    try {
      return with(auth(), token("root", "root's"));
    } catch (StatusRuntimeException e) {
      return auth();
    }
  }

  private static String token(String name, String password) {
    return auth()
        .authenticate(
            AuthenticateRequest.newBuilder().setName(name).setPassword(password).build())
        .getToken();
  }

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  private static RangeRequest get(String key) {
    return RangeRequest.newBuilder().setKey(bytes(key)).build();
  }

  private static PutRequest put(String key) {
    return PutRequest.newBuilder().setKey(bytes(key)).setValue(bytes("v")).build();
  }

  private static AuthUserAddRequest user(String name, String password) {
    return AuthUserAddRequest.newBuilder().setName(name).setPassword(password).build();
  }

  private static AuthUserGrantRoleRequest grant(String user, String role) {
    return AuthUserGrantRoleRequest.newBuilder().setUser(user).setRole(role).build();
  }

  private static AuthUserGetRequest userNamed(String name) {
    return AuthUserGetRequest.newBuilder().setName(name).build();
  }

  private static AuthRoleGetRequest roleNamed(String name) {
    return AuthRoleGetRequest.newBuilder().setRole(name).build();
  }

  private static void addRole(String name, String key, String rangeEnd) {
    var unused = root().roleAdd(AuthRoleAddRequest.newBuilder().setName(name).build());
    var granted = root()
        .roleGrantPermission(AuthRoleGrantPermissionRequest.newBuilder()
            .setName(name)
            .setPerm(Permission.newBuilder()
                .setPermType(Permission.Type.READWRITE)
                .setKey(bytes(key))
                .setRangeEnd(bytes(rangeEnd)))
            .build());
    assertThat(granted.getHeader().getRevision()).isPositive();
  }

  private static void enable() {
    var unused = root().authEnable(AuthEnableRequest.getDefaultInstance());
  }

  private static void disable() {
    var unused = root().authDisable(AuthDisableRequest.getDefaultInstance());
  }

  private static void assertRefused(String status, Runnable request) {
    assertThatThrownBy(request::run).isInstanceOf(StatusRuntimeException.class).hasMessage(status);
  }

  @Test
  void untilItIsEnabledEverybodyMayDoEverythingAndNobodyCanLogIn() {
    disable();

    assertRefused(
        "FAILED_PRECONDITION: etcdserver: authentication is not enabled",
        () -> token("root", "root's"));
    assertThat(with(kv(), "any token").put(put("k")).hasHeader()).isTrue();
    assertThat(auth().authStatus(AuthStatusRequest.getDefaultInstance()).getEnabled())
        .isFalse();
    assertThat(auth().userList(AuthUserListRequest.getDefaultInstance()).getUsersList())
        .contains("root");
  }

  @Test
  void onceItIsEnabledCallersSayWhoTheyAreAtEveryVoter() {
    enable();
    String token = token("root", "root's");

    for (ManagedChannel channel : CHANNELS) {
      KVBlockingStub kv = KVGrpc.newBlockingStub(channel);
      assertRefused(NO_NAME, () -> kv.put(put("k")));
      assertRefused(NO_NAME, () -> kv.range(get("k")));
      assertRefused(NO_NAME, () -> kv.compact(CompactionRequest.getDefaultInstance()));
      assertRefused(BAD_TOKEN, () -> with(kv, "any token").put(put("k")));
      assertThat(with(kv, token).put(put("k")).hasHeader()).isTrue();
      assertThat(with(kv, token)
              .range(get("k").toBuilder().setSerializable(true).build())
              .getKvsCount())
          .isLessThanOrEqualTo(1);
      assertThat(ClusterGrpc.newBlockingStub(channel)
              .memberList(MemberListRequest.getDefaultInstance())
              .getMembersCount())
          .isEqualTo(3);
      assertThat(MaintenanceGrpc.newBlockingStub(channel)
              .status(StatusRequest.getDefaultInstance())
              .getLeader())
          .isNotZero();
    }
    assertRefused(NO_NAME, () -> auth().authStatus(AuthStatusRequest.getDefaultInstance()));
    assertThat(root().authStatus(AuthStatusRequest.getDefaultInstance()).getEnabled())
        .isTrue();
    assertRefused(BAD_PASSWORD, () -> token("root", "another's"));
    assertRefused(BAD_PASSWORD, () -> token("nobody", "root's"));
  }

  @Test
  void aTokenIsAcceptedUnderTheNameThatClientsOfHttpUse() {
    enable();
    var headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
        token("root", "root's"));

    assertThat(kv().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
            .put(put("k"))
            .hasHeader())
        .isTrue();
  }

  @Test
  void aUserMayDoWhatItsRolesAllow() {
    enable();
    addRole("app", "app/", "app0");
    root().userAdd(user("bob", "bob's"));
    var unused = root().userGrantRole(grant("bob", "app"));
    KVBlockingStub bob = with(kv(), token("bob", "bob's"));

    assertThat(bob.put(put("app/k")).hasHeader()).isTrue();
    assertThat(bob.range(get("app/k")).getKvsCount()).isEqualTo(1);
    assertRefused(DENIED, () -> bob.put(put("other")));
    assertRefused(
        DENIED, () -> bob.range(get("app/").toBuilder().setRangeEnd(bytes("b")).build()));

    root()
        .roleRevokePermission(AuthRoleRevokePermissionRequest.newBuilder()
            .setRole("app")
            .setKey(bytes("app/"))
            .setRangeEnd(bytes("app0"))
            .build());
    assertRefused(DENIED, () -> bob.put(put("app/k")));
    assertRefused(DENIED, () -> bob.range(get("app/k")));
  }

  @Test
  void usersSeeThemselvesAndTheirRolesAndAdministratorsSeeAll() {
    enable();
    addRole("seen", "s", "");
    addRole("hidden", "h", "");
    root().userAdd(user("eve", "eve's"));
    root().userGrantRole(grant("eve", "seen"));
    AuthBlockingStub eve = with(auth(), token("eve", "eve's"));

    assertThat(eve.userGet(userNamed("eve")).getRolesList()).containsExactly("seen");
    assertThat(eve.roleGet(roleNamed("seen")).getPermList())
        .singleElement()
        .satisfies(permission -> assertThat(permission.getKey()).isEqualTo(bytes("s")));
    assertRefused(DENIED, () -> eve.userGet(userNamed("root")));
    assertRefused(DENIED, () -> eve.roleGet(roleNamed("hidden")));
    assertRefused(DENIED, () -> eve.userList(AuthUserListRequest.getDefaultInstance()));
    assertRefused(DENIED, () -> eve.userAdd(user("more", "")));
    assertRefused(DENIED, () -> eve.userGrantRole(grant("eve", "root")));
    assertRefused(DENIED, () -> eve.authDisable(AuthDisableRequest.getDefaultInstance()));
    assertThat(root().roleList(AuthRoleListRequest.getDefaultInstance()).getRolesList())
        .contains("hidden", "seen")
        .isSorted();
    assertThat(root().userList(AuthUserListRequest.getDefaultInstance()).getUsersList())
        .contains("eve", "root")
        .isSorted();
    assertRefused(
        "FAILED_PRECONDITION: etcdserver: user name not found",
        () -> root().userGet(userNamed("none")));
    assertRefused(
        "INVALID_ARGUMENT: etcdserver: permission not given",
        () -> root()
            .roleGrantPermission(
                AuthRoleGrantPermissionRequest.newBuilder().setName("seen").build()));
  }

  @Test
  void whatConcernsTheWholeStoreIsForAdministrators() {
    enable();
    root().userAdd(user("tom", "tom's"));
    var tom = with(MaintenanceGrpc.newBlockingStub(CHANNELS.get(2)), token("tom", "tom's"));

    assertRefused(DENIED, () -> tom.defragment(DefragmentRequest.getDefaultInstance()));
    assertRefused(DENIED, () -> tom.hashKV(HashKVRequest.getDefaultInstance()));
    assertRefused(DENIED, () -> tom.moveLeader(MoveLeaderRequest.getDefaultInstance()));
    assertThat(with(MaintenanceGrpc.newBlockingStub(CHANNELS.get(2)), token("root", "root's"))
            .hashKV(HashKVRequest.getDefaultInstance())
            .hasHeader())
        .isTrue();
  }

  @Test
  void aTokenIsVoidOnceThePasswordHasChangedOrTheUserIsGone() {
    enable();
    root().userAdd(user("ann", "old"));
    AuthBlockingStub ann = with(auth(), token("ann", "old"));
    assertThat(ann.userGet(userNamed("ann")).getRolesList()).isEmpty();

    root()
        .userChangePassword(AuthUserChangePasswordRequest.newBuilder()
            .setName("ann")
            .setPassword("new")
            .build());
    assertRefused(BAD_TOKEN, () -> ann.userGet(userNamed("ann")));
    assertRefused(BAD_PASSWORD, () -> token("ann", "old"));

    AuthBlockingStub again = with(auth(), token("ann", "new"));
    root().userDelete(AuthUserDeleteRequest.newBuilder().setName("ann").build());
    assertRefused(BAD_TOKEN, () -> again.userGet(userNamed("ann")));
  }

  @Test
  void aUserWithoutPasswordDoesNotGetInWithOne() {
    enable();
    root()
        .userAdd(user("cert", "").toBuilder()
            .setOptions(UserAddOptions.newBuilder().setNoPassword(true))
            .build());

    assertRefused(BAD_PASSWORD, () -> token("cert", ""));
  }

  @Test
  void usersAndTheirTokensOutliveEveryVoter() {
    enable();
    String token = token("root", "root's");

    stopAll();
    startAll();

    assertRefused(NO_NAME, () -> kv().put(put("k")));
    assertThat(with(kv(), token).put(put("k")).hasHeader()).isTrue();
    assertThat(cluster.faults()).isEmpty();
  }
}
