package io.syncline.verify.etcd.jetcd;

import static io.syncline.verify.etcd.jetcd.Calls.answer;
import static io.syncline.verify.etcd.jetcd.Calls.assertRefused;
import static io.syncline.verify.etcd.jetcd.Calls.bytes;
import static io.syncline.verify.etcd.jetcd.Calls.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.etcd.jetcd.Auth;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.auth.Permission;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.grpc.Status;
import io.syncline.verify.etcd.cluster.Cluster;
import io.syncline.verify.etcd.cluster.Member;
import io.syncline.verify.etcd.cluster.Product;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Users, roles and permissions by jetcd, on a cluster of its own. */
@Tag("long")
class AuthTest {
  private static final String ROOT = "root";
  private static final String ALICE = "alice";

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  static Path folder;

  private static Cluster cluster;

  private Client root;

  @BeforeAll
  static void start() {
    cluster = Cluster.started(Product.underTest(), folder);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  /** Alice may read what begins with {@code read/}, and read and write {@code own}. */
  @BeforeEach
  void enable() {
    try (var open = cluster.client()) {
      Auth auth = open.getAuthClient();
      addUser(auth, ROOT);
      answer(auth.roleAdd(bytes(ROOT)));
      answer(auth.userGrantRole(bytes(ROOT), bytes(ROOT)));
      addUser(auth, ALICE);
      answer(auth.roleAdd(bytes("reader")));
      answer(auth.roleGrantPermission(
          bytes("reader"), bytes("read/"), bytes("read0"), Permission.Type.READ));
      answer(auth.roleGrantPermission(
          bytes("reader"), bytes("own"), ByteSequence.EMPTY, Permission.Type.READWRITE));
      answer(auth.userGrantRole(bytes(ALICE), bytes("reader")));
      answer(auth.authEnable());
    }
    root = client(ROOT, password(ROOT));
  }

  @AfterEach
  void disable() {
    Auth auth = root.getAuthClient();
    answer(root.getKVClient()
        .delete(bytes("a"), DeleteOption.builder().withRange(bytes("z")).build()));
    answer(auth.authDisable());
    root.close();
    try (var open = cluster.client()) {
      Auth rest = open.getAuthClient();
      answer(rest.userList()).getUsers().forEach(user -> answer(rest.userDelete(bytes(user))));
      answer(rest.roleList()).getRoles().forEach(role -> answer(rest.roleDelete(bytes(role))));
    }
  }

  @Test
  void aUserMayDoWhatItsRolesPermit() {
    put(root, "read/a", "1");
    try (var alice = client(ALICE, password(ALICE))) {
      put(alice, "own", "2");
      assertThat(answer(alice.getKVClient().get(bytes("own"))).getCount()).isOne();
      GetOption prefix = GetOption.builder().isPrefix(true).build();
      assertThat(answer(alice.getKVClient().get(bytes("read/"), prefix)).getCount())
          .isOne();

      assertDenied(alice.getKVClient().put(bytes("read/a"), bytes("3")));
      assertDenied(alice.getKVClient().get(bytes("other")));
      assertDenied(alice.getKVClient().delete(bytes("read/a")));
      assertDenied(alice.getKVClient().get(bytes("r"), prefix));
      assertDenied(alice.getAuthClient().userAdd(bytes("bob"), bytes("bob")));
    }
  }

  @Test
  void aPermissionThatIsTakenIsGoneAtOnce() {
    try (var alice = client(ALICE, password(ALICE))) {
      put(alice, "own", "1");
      answer(root.getAuthClient()
          .roleRevokePermission(bytes("reader"), bytes("own"), ByteSequence.EMPTY));
      assertDenied(alice.getKVClient().put(bytes("own"), bytes("2")));
      answer(root.getAuthClient().userRevokeRole(bytes(ALICE), bytes("reader")));
      assertDenied(alice.getKVClient().get(bytes("read/a")));
    }
  }

  private static void assertDenied(CompletableFuture<?> call) {
    assertRefused(call, Status.Code.PERMISSION_DENIED, "etcdserver: permission denied");
  }

  @Test
  void withoutAUserAndWithAWrongPasswordNothingIsToBeHad() {
    try (var nobody = cluster.client();
        var liar = client(ALICE, "guessed")) {
      assertRefused(
          nobody.getKVClient().get(bytes("own")),
          Status.Code.INVALID_ARGUMENT,
          "etcdserver: user name is empty");
      assertRefused(
          liar.getKVClient().get(bytes("own")),
          Status.Code.INVALID_ARGUMENT,
          "etcdserver: authentication failed, invalid user ID or password");
    }
  }

  @Test
  void usersAndRolesAreTold() {
    Auth auth = root.getAuthClient();
    assertThat(answer(auth.userList()).getUsers()).containsExactly(ALICE, ROOT);
    assertThat(answer(auth.roleList()).getRoles()).containsExactly("reader", ROOT);
    assertThat(answer(auth.userGet(bytes(ALICE))).getRoles()).containsExactly("reader");
    assertThat(answer(auth.roleGet(bytes("reader"))).getPermissions())
        .extracting(permission -> permission.getPermType() + " " + text(permission.getKey()) + " "
            + text(permission.getRangeEnd()))
        .containsExactlyInAnyOrder("READ read/ read0", "READWRITE own ");
  }

  @Test
  void whatIsNotThereOrThereAlreadyIsRefused() {
    Auth auth = root.getAuthClient();
    assertRefused(
        auth.userAdd(bytes(ALICE), bytes("x")),
        Status.Code.FAILED_PRECONDITION,
        "etcdserver: user name already exists");
    assertRefused(
        auth.roleAdd(bytes("reader")),
        Status.Code.FAILED_PRECONDITION,
        "etcdserver: role name already exists");
    assertRefused(
        auth.userGet(bytes("bob")),
        Status.Code.FAILED_PRECONDITION,
        "etcdserver: user name not found");
    assertRefused(
        auth.roleGet(bytes("writer")),
        Status.Code.FAILED_PRECONDITION,
        "etcdserver: role name not found");
    assertRefused(
        auth.userGrantRole(bytes(ALICE), bytes("writer")),
        Status.Code.FAILED_PRECONDITION,
        "etcdserver: role name not found");
    assertRefused(
        auth.userDelete(bytes(ROOT)),
        Status.Code.INVALID_ARGUMENT,
        "etcdserver: invalid auth management");
  }

  @Test
  void aClientWhoseTokenHasEndedGetsAnother() {
    try (var alice = client(ALICE, password(ALICE))) {
      put(alice, "own", "1");
      // A password that is set ends the tokens of its user, even if it is the same.
      answer(root.getAuthClient().userChangePassword(bytes(ALICE), bytes(password(ALICE))));
      put(alice, "own", "2");

      cluster.members().forEach(Member::kill);
      cluster.members().forEach(Member::start);
      Calls.await(
          "an answer", () -> answer(alice.getKVClient().get(bytes("own"))).getCount() == 1);
      put(alice, "own", "3");
      assertDenied(alice.getKVClient().get(bytes("other")));
    }
  }

  @Test
  void aPasswordThatIsChangedIsTheOneToKnow() {
    answer(root.getAuthClient().userChangePassword(bytes(ALICE), bytes("new")));
    try (var late = client(ALICE, password(ALICE));
        var alice = client(ALICE, "new")) {
      assertRefused(
          late.getKVClient().get(bytes("own")),
          Status.Code.INVALID_ARGUMENT,
          "etcdserver: authentication failed, invalid user ID or password");
      put(alice, "own", "1");
    }
  }

  private static void addUser(Auth auth, String user) {
    answer(auth.userAdd(bytes(user), bytes(password(user))));
  }

  private static String password(String user) {
    return "of " + user;
  }

  private static Client client(String user, String password) {
    return cluster.clientBuilder().user(bytes(user)).password(bytes(password)).build();
  }

  private static void put(Client client, String key, String value) {
    answer(client.getKVClient().put(bytes(key), bytes(value)));
  }
}
