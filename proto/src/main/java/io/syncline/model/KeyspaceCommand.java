package io.syncline.model;

import java.time.Duration;
import java.util.List;

/** What clients of etcd's API bring about, in the namespace that they see as their keyspace. */
public sealed interface KeyspaceCommand {

  /**
   * Makes the namespace, if it is not there, and sees to it that the revision is 1 at least: clients of
   * etcd take revision 0 for "now".
   */
  record Found(NamespaceName namespace) implements KeyspaceCommand {}

  record Transact(NamespaceName namespace, Txn txn) implements KeyspaceCommand {}

  /** Raises the horizon; refused if it is there already. */
  record Compact(NamespaceName namespace, Revision revision) implements KeyspaceCommand {}

  /**
   * @param id not 0
   */
  record GrantLease(long id, Duration ttl) implements KeyspaceCommand {}

  /** Ends a lease, and deletes the keys that hang on it, at one revision. */
  record RevokeLease(NamespaceName namespace, long id) implements KeyspaceCommand {}

  /** Notes how long leases last still, so that the next leader knows; those that are gone stay so. */
  record NoteLeases(List<Remaining> leases) implements KeyspaceCommand {
    public NoteLeases {
      leases = List.copyOf(leases);
    }

    public record Remaining(long id, Duration left) {}
  }

  /** Changes users, roles, or whether they matter. */
  record ChangeAuth(AuthChange change) implements KeyspaceCommand {}
}
