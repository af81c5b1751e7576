package io.syncline.server.apply;

import io.syncline.model.Command;
import io.syncline.model.ConfigVersion;
import io.syncline.model.EtcdError;
import io.syncline.model.KeyspaceCommand;
import io.syncline.model.KeyspaceCommand.NoteLeases;
import io.syncline.model.Lease;
import io.syncline.model.NamespaceName;
import io.syncline.model.NamespaceRecord;
import io.syncline.model.NamespaceSettings;
import io.syncline.model.ProposedCommand;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Revision;
import io.syncline.server.store.LeasedKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides what clients of etcd's API bring about, by etcd's rules. */
final class KeyspaceDecider {
  private static final Revision FIRST = Revision.of(1);

  private final StateView state;
  private final ProposedCommand proposed;
  private final Decider decider;

  KeyspaceDecider(StateView state, ProposedCommand proposed, Decider decider) {
    this.state = state;
    this.proposed = proposed;
    this.decider = decider;
  }

  Decision decide(Command.Keyspace keyspace) {
    try {
      new AuthCheck(state, proposed.actor()).require(keyspace);
      return decide(keyspace.command());
    } catch (RejectedException e) {
      return new Decision.Reject(e.rejection());
    }
  }

  private Decision decide(KeyspaceCommand command) {
    if (command instanceof KeyspaceCommand.Transact transact) {
      return transact(transact);
    } else if (command instanceof KeyspaceCommand.Found found) {
      return found(found.namespace());
    } else if (command instanceof KeyspaceCommand.Compact compact) {
      return compact(compact);
    } else if (command instanceof KeyspaceCommand.GrantLease grant) {
      return grant(grant);
    } else if (command instanceof KeyspaceCommand.RevokeLease revoke) {
      return revoke(revoke);
    } else if (command instanceof KeyspaceCommand.NoteLeases note) {
      return note(note);
    } else if (command instanceof KeyspaceCommand.ChangeAuth auth) {
      return new Decision.Auth(state.auth().apply(auth.change()));
    }
    throw new IllegalStateException("undecided command " + command.getClass().getSimpleName());
  }

  private Decision transact(KeyspaceCommand.Transact transact) {
    NamespaceRecord namespace = state.namespace(transact.namespace());
    if (namespace == null) {
      return new Decision.Reject(
          Rejection.namespaceNotFound(transact.namespace().value()));
    }
    return new TxnExecution(state, namespace, decider, transact.txn()).execute();
  }

  private Decision found(NamespaceName name) {
    Revision revision = Revision.max(state.revision(), FIRST);
    if (state.namespace(name) != null) {
      return new Decision.Founded(Optional.empty(), revision);
    }
    if (state.nextNamespaceId() > Decider.MAX_NAMESPACES) {
      return new Decision.Reject(
          Rejection.tooMany("namespaces", state.nextNamespaceId(), Decider.MAX_NAMESPACES));
    }
    NamespaceRecord created = NamespaceRecord.created(
        state.nextNamespaceId(), name, NamespaceSettings.KEEP_ALL, state.time(), proposed.actor());
    return new Decision.Founded(Optional.of(created), revision);
  }

  private Decision compact(KeyspaceCommand.Compact compact) {
    NamespaceRecord namespace = state.namespace(compact.namespace());
    if (namespace == null) {
      return new Decision.Reject(Rejection.namespaceNotFound(compact.namespace().value()));
    }
    if (compact.revision().isAfter(state.revision())) {
      return reject(EtcdError.FUTURE_REVISION);
    }
    boolean untouched = namespace.horizon().equals(Revision.ZERO);
    if (!untouched && !compact.revision().isAfter(namespace.horizon())) {
      return reject(EtcdError.COMPACTED);
    }
    return new Decision.Namespaces(List.of(namespace.withHorizon(compact.revision())), false);
  }

  private Decision grant(KeyspaceCommand.GrantLease grant) {
    if (state.lease(grant.id()) != null) {
      return reject(EtcdError.LEASE_EXISTS);
    }
    return new Decision.Leases(
        List.of(new Lease(grant.id(), grant.ttl(), grant.ttl(), state.time())));
  }

  private Decision revoke(KeyspaceCommand.RevokeLease revoke) {
    if (state.lease(revoke.id()) == null) {
      return reject(EtcdError.LEASE_NOT_FOUND);
    }
    NamespaceRecord namespace = state.namespace(revoke.namespace());
    var tombstones = new ArrayList<ConfigVersion>();
    if (namespace != null) {
      for (LeasedKey leased : state.keysOfLease(revoke.id())) {
        ConfigVersion head = hanging(namespace, leased, revoke.id());
        if (head != null) {
          tombstones.add(decider.tombstone(namespace, head, null));
        }
      }
    }
    return new Decision.Revoked(revoke.id(), namespace, tombstones);
  }

  private @Nullable ConfigVersion hanging(NamespaceRecord namespace, LeasedKey leased, long lease) {
    if (leased.namespaceId() != namespace.id()) {
      return null;
    }
    ConfigVersion head = state.head(namespace, leased.key());
    return head != null && head.live() && head.lease() == lease ? head : null;
  }

  private Decision note(NoteLeases note) {
    var noted = new ArrayList<Lease>();
    for (NoteLeases.Remaining remaining : note.leases()) {
      Lease lease = state.lease(remaining.id());
      if (lease != null) {
        noted.add(lease.withRemaining(remaining.left(), state.time()));
      }
    }
    return new Decision.Leases(noted);
  }

  private static Decision reject(EtcdError error) {
    return new Decision.Reject(error.rejection());
  }
}
