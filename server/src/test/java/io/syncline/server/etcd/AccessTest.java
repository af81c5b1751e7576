package io.syncline.server.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.syncline.model.AuthChange;
import io.syncline.model.AuthChange.AddRole;
import io.syncline.model.AuthChange.AddUser;
import io.syncline.model.AuthChange.ChangePassword;
import io.syncline.model.AuthChange.DeleteUser;
import io.syncline.model.AuthChange.Disable;
import io.syncline.model.AuthChange.Enable;
import io.syncline.model.AuthChange.GrantPermission;
import io.syncline.model.AuthChange.GrantRole;
import io.syncline.model.AuthChange.RevokeRole;
import io.syncline.model.AuthState;
import io.syncline.model.Command.Content;
import io.syncline.model.EtcdError;
import io.syncline.model.Key;
import io.syncline.model.KeyRange;
import io.syncline.model.PasswordHash;
import io.syncline.model.Permission;
import io.syncline.model.RangeQuery;
import io.syncline.model.RejectedException;
import io.syncline.model.TokenKey;
import io.syncline.model.Txn;
import io.syncline.model.Txn.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a caller may do, also while users and roles change. */
class AccessTest {
  private static final PasswordHash HASH =
      new PasswordHash(1, ByteString.copyFromUtf8("salt"), ByteString.copyFromUtf8("hash"));
  private static final KeyRange READABLE = KeyRange.prefix("r/");
  private static final KeyRange WRITABLE = KeyRange.prefix("w/");

  private final AtomicReference<AuthState> state = new AtomicReference<>(AuthState.INITIAL);
  private final Access access = new Access(this::state);

  @BeforeEach
  void enable() {
    change(new AddUser("root", HASH));
    change(new GrantRole("root", "root"));
    change(new AddUser("bob", HASH));
    change(new AddRole("role"));
    change(new GrantRole("bob", "role"));
    grant(Permission.Type.READ, "r/", "r0");
    grant(Permission.Type.WRITE, "w/", "w0");
    change(new Enable(new TokenKey(ByteString.copyFrom(new byte[TokenKey.SIZE_BYTES]))));
  }

  private void change(AuthChange change) {
    state.set(state().apply(change));
  }

  private void grant(Permission.Type type, String key, String rangeEnd) {
    change(new GrantPermission(
        "role",
        new Permission(type, ByteString.copyFromUtf8(key), ByteString.copyFromUtf8(rangeEnd))));
  }

  private Caller bob() {
    return new Caller("bob", state().revision());
  }

  private static Operation put(String key, boolean wantPrevious) {
    return new Operation.Put(Key.of(key), Content.of(ByteString.EMPTY, ""), 0, false, wantPrevious);
  }

  private static Operation delete(KeyRange keys, boolean wantPrevious) {
    return new Operation.Delete(keys, wantPrevious);
  }

  private static void assertRefused(EtcdError error, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(RejectedException.class).hasMessage(error.message());
  }

  private void assertAllowed(Txn txn) {
    assertThatCode(() -> access.require(bob(), txn)).doesNotThrowAnyException();
  }

  private void assertDenied(Txn txn) {
    assertRefused(EtcdError.PERMISSION_DENIED, () -> access.require(bob(), txn));
  }

  private AuthState state() {
    return Objects.requireNonNull(state.get());
  }

  @Test
  void aTransactionNeedsEverythingThatAnyOfItsBranchesNeeds() {
    Operation write = put("w/k", false);
    Operation read = new Operation.Get(RangeQuery.of(READABLE));
    var compare =
        new Txn.Compare(READABLE, Txn.Target.VERSION, Txn.Relation.EQUAL, 1, ByteString.EMPTY);
    var elsewhere =
        new Txn.Compare(WRITABLE, Txn.Target.VERSION, Txn.Relation.EQUAL, 1, ByteString.EMPTY);

    assertAllowed(new Txn(List.of(compare), List.of(write), List.of(read)));
    assertDenied(new Txn(List.of(elsewhere), List.of(write), List.of(read)));
    assertDenied(new Txn(List.of(), List.of(put("k", false)), List.of()));
    assertDenied(new Txn(List.of(), List.of(), List.of(put("k", false))));
    assertDenied(Txn.of(new Operation.Nested(Txn.of(put("k", false)))));
    assertDenied(Txn.of(new Operation.Get(RangeQuery.of(WRITABLE))));
    assertAllowed(Txn.of(delete(WRITABLE, false)));
    assertDenied(Txn.of(delete(KeyRange.ALL, false)));
  }

  @Test
  void toBeToldWhatWasThereIsToRead() {
    assertDenied(Txn.of(put("w/k", true)));
    assertDenied(Txn.of(delete(WRITABLE, true)));

    grant(Permission.Type.READ_AND_WRITE, "w/", "w0");

    assertAllowed(Txn.of(put("w/k", true)));
    assertAllowed(Txn.of(delete(WRITABLE, true)));
  }

  @Test
  void aCallerMustBeKnownAndStillBeWhoItWas() {
    Caller bob = bob();
    assertThatCode(() -> access.requireRead(bob, READABLE)).doesNotThrowAnyException();
    assertRefused(EtcdError.USER_EMPTY, () -> access.requireRead(Caller.NOBODY, READABLE));
    assertRefused(
        EtcdError.INVALID_AUTH_TOKEN, () -> access.requireRead(Caller.UNPROVEN, READABLE));
    assertRefused(EtcdError.PERMISSION_DENIED, () -> access.requireAdministrator(bob));

    change(new ChangePassword("bob", HASH));
    assertRefused(EtcdError.INVALID_AUTH_TOKEN, () -> access.requireRead(bob, READABLE));
    change(new DeleteUser("bob"));
    assertRefused(EtcdError.PERMISSION_DENIED, () -> access.requireRead(bob, READABLE));
    change(new Disable());
    assertThatCode(() -> access.requireAdministrator(Caller.UNPROVEN)).doesNotThrowAnyException();
  }

  @Test
  void aGrantAndARevocationCountAtOnce() {
    Caller bob = bob();
    KeyRange other = KeyRange.prefix("o/");
    assertRefused(EtcdError.PERMISSION_DENIED, () -> access.requireRead(bob, other));

    grant(Permission.Type.READ, "o/", "o0");
    assertThatCode(() -> access.requireRead(bob, other)).doesNotThrowAnyException();

    change(new RevokeRole("bob", "role"));
    assertRefused(EtcdError.PERMISSION_DENIED, () -> access.requireRead(bob, other));
  }

  @Test
  void whatIsReadWhileThePermissionIsTakenAwayIsNotHandedOut() {
    assertRefused(
        EtcdError.PERMISSION_DENIED,
        () -> access.reading(bob(), READABLE, () -> {
          change(new RevokeRole("bob", "role"));
          return "written after";
        }));
  }

  @Test
  void whatIsRefusedForAnOldRevisionIsLookedAtAndDoneAgain() {
    var revisions = new ArrayList<Long>();

    String done = access
        .permitted(bob(), () -> access.requireWrite(bob(), WRITABLE), known -> {
          revisions.add(known.authRevision());
          if (revisions.size() == 1) {
            change(new AddRole("meanwhile"));
            return oldRevision();
          }
          return CompletableFuture.completedFuture("done");
        })
        .join();

    assertThat(done).isEqualTo("done");
    assertThat(revisions).containsExactly(state().revision() - 1, state().revision());
  }

  private static <T> CompletableFuture<T> oldRevision() {
    // as it comes out of a future that was composed
    return CompletableFuture.<T>failedFuture(EtcdError.AUTH_OLD_REVISION.exception())
        .thenApply(done -> done);
  }

  @Test
  void aPermissionThatIsTakenAwayMeanwhileIsNotUsedAgain() {
    Caller bob = bob();
    var attempts = new ArrayList<Caller>();

    CompletableFuture<String> done =
        access.permitted(bob, () -> access.requireWrite(bob, WRITABLE), known -> {
          attempts.add(known);
          change(new RevokeRole("bob", "role"));
          return oldRevision();
        });

    assertRefused(EtcdError.PERMISSION_DENIED, () -> await(done));
    assertThat(attempts).hasSize(1);
  }

  @Test
  void triesAFewTimesAndThenSaysWhy() {
    var attempts = new ArrayList<Caller>();

    CompletableFuture<String> done = access.permitted(bob(), () -> {}, known -> {
      attempts.add(known);
      return oldRevision();
    });

    assertRefused(EtcdError.AUTH_OLD_REVISION, () -> await(done));
    assertThat(attempts).hasSize(3);
  }

  private static void await(CompletableFuture<?> done) throws Throwable {
    try {
      var unused = done.get();
    } catch (java.util.concurrent.ExecutionException e) {
      throw e.getCause();
    }
  }
}
