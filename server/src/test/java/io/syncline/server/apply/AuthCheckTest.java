package io.syncline.server.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.syncline.model.Actor;
import io.syncline.model.AuthChange;
import io.syncline.model.AuthChange.AddRole;
import io.syncline.model.AuthChange.AddUser;
import io.syncline.model.AuthChange.ChangePassword;
import io.syncline.model.AuthChange.Enable;
import io.syncline.model.AuthChange.GrantPermission;
import io.syncline.model.AuthChange.GrantRole;
import io.syncline.model.AuthChange.RevokeRole;
import io.syncline.model.AuthState;
import io.syncline.model.Command;
import io.syncline.model.Command.Content;
import io.syncline.model.EtcdError;
import io.syncline.model.Key;
import io.syncline.model.KeyspaceCommand;
import io.syncline.model.NamespaceName;
import io.syncline.model.Outcome;
import io.syncline.model.PasswordHash;
import io.syncline.model.Permission;
import io.syncline.model.ProposedCommand;
import io.syncline.model.TokenKey;
import io.syncline.model.Txn;
import io.syncline.model.Txn.Operation;
import io.syncline.server.AppliedStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was allowed when it was proposed need not be allowed where it stands in the log. */
class AuthCheckTest {
  private static final NamespaceName ETCD = new NamespaceName("etcd");
  private static final Actor UNKNOWN = new Actor("etcd client", false);
  private static final Actor ROOT = new Actor("root", true);
  private static final Actor BOB = new Actor("bob", true);
  private static final PasswordHash HASH =
      new PasswordHash(1, ByteString.copyFromUtf8("salt"), ByteString.copyFromUtf8("hash"));
  private static final Enable ENABLE = new Enable(new TokenKey(ByteString.copyFrom(new byte[32])));
  private static final long LEASE = 7;

  @TempDir
  Path folder;

  private AppliedStore store;

  @BeforeEach
  void found() {
    store = new AppliedStore(folder);
    store.committed(new Command.Keyspace(new KeyspaceCommand.Found(ETCD), 0));
    change(UNKNOWN, new AddUser("root", HASH));
    change(UNKNOWN, new GrantRole("root", "root"));
    change(UNKNOWN, new AddUser("bob", HASH));
    change(UNKNOWN, new AddRole("r"));
    change(UNKNOWN, new GrantRole("bob", "r"));
    change(UNKNOWN, new GrantPermission("r", writes("bob/", "bob0")));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static Permission writes(String key, String rangeEnd) {
    return new Permission(
        Permission.Type.WRITE, ByteString.copyFromUtf8(key), ByteString.copyFromUtf8(rangeEnd));
  }

  private static ProposedCommand by(Actor actor, KeyspaceCommand command, long authRevision) {
    return new ProposedCommand(null, actor, "", new Command.Keyspace(command, authRevision));
  }

  private static ProposedCommand changeBy(Actor actor, AuthChange change, long authRevision) {
    return by(actor, new KeyspaceCommand.ChangeAuth(change), authRevision);
  }

  private static KeyspaceCommand put(String key, long lease) {
    return new KeyspaceCommand.Transact(ETCD, Txn.of(putOperation(key, lease)));
  }

  private static Operation putOperation(String key, long lease) {
    Content content = Content.of(ByteString.copyFromUtf8("v"), "");
    return new Operation.Put(Key.of(key), content, lease, false, false);
  }

  private long revision() {
    return store.store().auth().revision();
  }

  private void change(Actor actor, AuthChange change) {
    assertAllowed(changeBy(actor, change, revision()));
  }

  /** As one batch, as Raft commits what comes at a time. */
  private List<String> apply(ProposedCommand... commands) {
    return store.apply(List.of(commands)).outcomes().stream()
        .map(outcome ->
            outcome instanceof Outcome.Rejected rejected ? rejected.rejection().message() : "")
        .toList();
  }

  private void assertAllowed(ProposedCommand... commands) {
    assertThat(apply(commands)).containsOnly("");
  }

  private void assertRefused(EtcdError error, ProposedCommand command) {
    assertThat(apply(command)).containsExactly(error.message());
  }

  @Test
  void whatWasAllowedBeforeUsersOrRolesChangedIsRefused() {
    change(UNKNOWN, ENABLE);
    long before = revision();
    assertAllowed(by(BOB, put("bob/a", 0), before));

    assertThat(apply(
            changeBy(ROOT, new RevokeRole("bob", "r"), before),
            by(BOB, put("bob/b", 0), before),
            by(BOB, put("bob/c", 0), before + 1)))
        .containsExactly("", EtcdError.AUTH_OLD_REVISION.message(), "");
  }

  @Test
  void whatWasLetInBeforeCallersHadToSayWhoTheyAreIsRefused() {
    long before = revision();

    assertThat(apply(
            changeBy(UNKNOWN, ENABLE, before),
            by(UNKNOWN, put("k", 0), before),
            changeBy(UNKNOWN, new AddRole("r2"), before)))
        .containsExactly("", EtcdError.USER_EMPTY.message(), EtcdError.USER_EMPTY.message());
    assertThat(revision()).isEqualTo(before);
  }

  @Test
  void whatTheVoterItselfDoesNeedsNoPermission() {
    change(UNKNOWN, ENABLE);

    assertAllowed(by(UNKNOWN, new KeyspaceCommand.GrantLease(LEASE, Duration.ofSeconds(9)), 0));
    assertAllowed(by(UNKNOWN, new KeyspaceCommand.RevokeLease(ETCD, LEASE), 0));
  }

  @Test
  void administratorsMayChangeUsersAndRolesAllAtATime() {
    change(UNKNOWN, ENABLE);
    long before = revision();

    assertAllowed(Stream.of("a", "b", "c")
        .map(name -> changeBy(ROOT, new AddUser(name, HASH), before))
        .toArray(ProposedCommand[]::new));
    assertRefused(
        EtcdError.PERMISSION_DENIED, changeBy(BOB, new GrantRole("bob", "root"), revision()));
    assertRefused(
        EtcdError.USER_NOT_FOUND,
        changeBy(new Actor("eve", true), new GrantRole("bob", "root"), revision()));
    assertRefused(
        EtcdError.USER_EMPTY,
        changeBy(new Actor("root", false), new GrantRole("bob", "root"), revision()));
  }

  @Test
  void anAdministratorWhosePasswordHasChangedIsNoneAnyMore() {
    change(UNKNOWN, ENABLE);
    long before = revision();

    assertThat(apply(
            changeBy(ROOT, new ChangePassword("root", HASH), before),
            changeBy(ROOT, new AddUser("eve", HASH), before)))
        .containsExactly("", EtcdError.INVALID_AUTH_TOKEN.message());
  }

  @Test
  void aLeaseWithAKeyOfOthersIsOutOfReach() {
    change(UNKNOWN, ENABLE);
    assertAllowed(
        by(ROOT, new KeyspaceCommand.GrantLease(LEASE, Duration.ofSeconds(9)), revision()),
        by(BOB, put("bob/a", LEASE), revision()),
        by(BOB, put("bob/b", LEASE), revision()));
    assertAllowed(by(ROOT, put("other", LEASE), revision()));

    assertRefused(EtcdError.PERMISSION_DENIED, by(BOB, put("bob/c", LEASE), revision()));
    var nested = new Txn(
        List.of(), List.of(), List.of(new Operation.Nested(Txn.of(putOperation("bob/c", LEASE)))));
    assertRefused(
        EtcdError.PERMISSION_DENIED,
        by(BOB, new KeyspaceCommand.Transact(ETCD, nested), revision()));
    assertRefused(
        EtcdError.PERMISSION_DENIED,
        by(BOB, new KeyspaceCommand.RevokeLease(ETCD, LEASE), revision()));

    assertAllowed(by(ROOT, put("other", 0), revision()));
    assertAllowed(by(BOB, new KeyspaceCommand.RevokeLease(ETCD, LEASE), revision()));
  }

  @Test
  void usersAndRolesAreThereAfterARestart() {
    change(UNKNOWN, ENABLE);
    AuthState before = store.store().auth();
    assertThat(before.enabled()).isTrue();

    store.reopen();

    assertThat(store.store().auth()).isEqualTo(before);
    assertRefused(EtcdError.USER_EMPTY, by(UNKNOWN, put("k", 0), revision()));
  }

  @Test
  void aRefusedChangeLeavesEverythingAsItWas() {
    AuthState before = store.store().auth();

    assertRefused(EtcdError.USER_EXISTS, changeBy(UNKNOWN, new AddUser("bob", HASH), revision()));

    assertThat(store.store().auth()).isEqualTo(before);
  }
}
