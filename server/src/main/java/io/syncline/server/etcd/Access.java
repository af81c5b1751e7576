package io.syncline.server.etcd;

import io.syncline.model.AuthState;
import io.syncline.model.AuthUser;
import io.syncline.model.EtcdError;
import io.syncline.model.KeyRange;
import io.syncline.model.Permissions;
import io.syncline.model.RangeQuery;
import io.syncline.model.RejectedException;
import io.syncline.model.Txn;
import io.syncline.model.Txn.Operation;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.function.Supplier;

/** Whether a caller may do what it asks for. Refusals are {@link RejectedException}. Any thread. */
class Access {
  /** Users and roles seldom change twice while a command is on its way. */
  private static final int MAX_ATTEMPTS = 3;

  private final Supplier<AuthState> auth;
  private volatile Merged merged = new Merged(AuthState.INITIAL);

  /**
   * @param auth gives the newest users and roles, or refuses while there are none yet
   */
  Access(Supplier<AuthState> auth) {
    this.auth = auth;
  }

  /** What users may do, worked out when they come first. */
  private record Merged(AuthState state, ConcurrentMap<String, Permissions> byUser) {
    Merged(AuthState state) {
      this(state, new ConcurrentHashMap<>());
    }

    Permissions of(AuthUser user) {
      return byUser.computeIfAbsent(user.name(), state::permissionsOf);
    }
  }

  /** The newest users and roles. */
  AuthState state() {
    return auth.get();
  }

  void requireRead(Caller caller, KeyRange keys) {
    if (!permissionsOf(caller).allowRead(keys)) {
      throw EtcdError.PERMISSION_DENIED.exception();
    }
  }

  void requireWrite(Caller caller, KeyRange keys) {
    if (!permissionsOf(caller).allowWrite(keys)) {
      throw EtcdError.PERMISSION_DENIED.exception();
    }
  }

  private Permissions permissionsOf(Caller caller) {
    AuthState state = auth.get();
    if (!state.enabled()) {
      return Permissions.ALL;
    }
    requireKnown(state, caller);
    AuthUser user = state.user(caller.user());
    if (user == null) {
      throw EtcdError.PERMISSION_DENIED.exception();
    }
    Merged known = merged;
    if (known.state.revision() != state.revision()) {
      known = new Merged(state);
      merged = known;
    }
    return known.of(user);
  }

  /** For what only the administrators may do. */
  void requireAdministrator(Caller caller) {
    AuthState state = auth.get();
    requireKnown(state, caller);
    state.requireAdministrator(caller.user());
  }

  /** For what everybody may do who has shown who it is. */
  void requireKnown(Caller caller) {
    requireKnown(auth.get(), caller);
  }

  private static void requireKnown(AuthState state, Caller caller) {
    if (!state.enabled()) {
      return;
    }
    if (caller.equals(Caller.UNPROVEN)) {
      throw EtcdError.INVALID_AUTH_TOKEN.exception();
    }
    state.requireNamed(caller.user());
    state.requireStillKnown(caller.user(), caller.authRevision());
  }

  void requireRead(Caller caller, RangeQuery query) {
    requireRead(caller, query.keys());
  }

  /** All that it may come to, whatever branch runs. */
  void require(Caller caller, Txn txn) {
    txn.compares().forEach(compare -> requireRead(caller, compare.keys()));
    txn.success().forEach(operation -> require(caller, operation));
    txn.failure().forEach(operation -> require(caller, operation));
  }

  void require(Caller caller, Operation operation) {
    if (operation instanceof Operation.Get get) {
      requireRead(caller, get.query());
    } else if (operation instanceof Operation.Put put) {
      KeyRange key = KeyRange.single(put.key());
      requireWrite(caller, key);
      if (put.wantPrevious()) {
        requireRead(caller, key);
      }
    } else if (operation instanceof Operation.Delete delete) {
      requireWrite(caller, delete.keys());
      if (delete.wantPrevious()) {
        requireRead(caller, delete.keys());
      }
    } else if (operation instanceof Operation.Nested nested) {
      require(caller, nested.txn());
    }
  }

  /**
   * Reads what the caller may read. Looked at once more afterwards: what was written after the caller
   * lost the permission is not for it.
   */
  <T> T reading(Caller caller, KeyRange keys, Supplier<T> read) {
    requireRead(caller, keys);
    T found = read.get();
    requireRead(caller, keys);
    return found;
  }

  /**
   * Does what the caller may do; looks and does again if users or roles have changed in between.
   *
   * @param looking refuses if it may not
   * @param doing is given the caller as it is known by what was looked at
   */
  <T> CompletableFuture<T> permitted(
      Caller caller, Runnable looking, Function<Caller, CompletableFuture<T>> doing) {
    return attempt(1, caller, looking, doing);
  }

  private <T> CompletableFuture<T> attempt(
      int number, Caller caller, Runnable looking, Function<Caller, CompletableFuture<T>> doing) {
    // before it is looked at: an older revision is refused, a newer one would not be
    var known = new Caller(caller.user(), auth.get().revision());
    looking.run();
    CompletableFuture<T> done = doing.apply(known);
    return number == MAX_ATTEMPTS
        ? done
        : done.exceptionallyCompose(error -> isOfOldRevision(error)
            ? attempt(number + 1, caller, looking, doing)
            : CompletableFuture.failedFuture(error));
  }

  private static boolean isOfOldRevision(Throwable thrown) {
    Throwable error = thrown.getCause() == null ? thrown : thrown.getCause();
    return error instanceof RejectedException rejected
        && EtcdError.of(rejected.rejection())
            .filter(EtcdError.AUTH_OLD_REVISION::equals)
            .isPresent();
  }
}
