package io.syncline.server.apply;

import io.syncline.model.Actor;
import io.syncline.model.AuthState;
import io.syncline.model.Command;
import io.syncline.model.EtcdError;
import io.syncline.model.KeyRange;
import io.syncline.model.KeyRanges;
import io.syncline.model.KeyspaceCommand;
import io.syncline.model.RejectedException;
import io.syncline.model.Txn;
import io.syncline.model.Txn.Operation;
import io.syncline.server.store.LeasedKey;
import java.util.List;

/**
 * Whether what was allowed when a command was proposed is allowed at its place in the log. What depends
 * on the keys alone was looked at before; here it is enough that users and roles are still the same. What
 * hangs on a lease is known only here.
 */
final class AuthCheck {
  private final StateView state;
  private final AuthState auth;
  private final Actor actor;

  AuthCheck(StateView state, Actor actor) {
    this.state = state;
    this.auth = state.auth();
    this.actor = actor;
  }

  /**
   * @throws RejectedException if it is not
   */
  void require(Command.Keyspace keyspace) {
    if (keyspace.authRevision() == 0) {
      return;
    }
    KeyspaceCommand command = keyspace.command();
    if (command instanceof KeyspaceCommand.ChangeAuth) {
      requireAdministrator(keyspace.authRevision());
      return;
    }
    if (keyspace.authRevision() != auth.revision()) {
      throw EtcdError.AUTH_OLD_REVISION.exception();
    }
    // to enable raises no revision: the command may have been let in before
    auth.requireNamed(user());
    requireLeases(command);
  }

  /** Decided here, not by the revision, for many may change users and roles at a time. */
  private void requireAdministrator(long knownAt) {
    auth.requireAdministrator(user());
    auth.requireStillKnown(user(), knownAt);
  }

  /** Empty: nobody has shown who it is. */
  private String user() {
    return actor.verified() ? actor.name() : "";
  }

  private void requireLeases(KeyspaceCommand command) {
    if (!auth.enabled()) {
      return;
    }
    if (command instanceof KeyspaceCommand.RevokeLease revoke) {
      requireKeysOf(revoke.id());
    } else if (command instanceof KeyspaceCommand.Transact transact) {
      requireLeases(transact.txn());
    }
  }

  private void requireLeases(Txn txn) {
    requireLeases(txn.success());
    requireLeases(txn.failure());
  }

  /** Who may not end a lease, for it has keys that are not theirs, may not hang more on it. */
  private void requireLeases(List<Operation> operations) {
    for (Operation operation : operations) {
      if (operation instanceof Operation.Put put && put.lease() != 0) {
        requireKeysOf(put.lease());
      } else if (operation instanceof Operation.Nested nested) {
        requireLeases(nested.txn());
      }
    }
  }

  private void requireKeysOf(long lease) {
    KeyRanges writable = auth.permissionsOf(user()).writable();
    if (writable.containsAll(KeyRange.ALL)) {
      return;
    }
    for (LeasedKey leased : state.keysOfLease(lease)) {
      if (!writable.containsAll(KeyRange.single(leased.key()))) {
        throw EtcdError.PERMISSION_DENIED.exception();
      }
    }
  }
}
