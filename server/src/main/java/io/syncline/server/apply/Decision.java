package io.syncline.server.apply;

import io.syncline.model.AuthState;
import io.syncline.model.Command;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Conflict;
import io.syncline.model.ConflictContents;
import io.syncline.model.Key;
import io.syncline.model.Lease;
import io.syncline.model.NamespaceRecord;
import io.syncline.model.Rejection;
import io.syncline.model.Revision;
import io.syncline.model.TxnResult;
import io.syncline.model.Version;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a command shall do, decided but not yet done. */
sealed interface Decision {

  /**
   * New versions, all at the next revision.
   *
   * @param changes in order of the operations; empty if nothing changes
   * @param reported the newest version of each key the command touched
   */
  record Change(
      NamespaceRecord namespace,
      List<ConfigVersion> changes,
      List<ConfigVersion> reported,
      boolean comparesHeld)
      implements Decision {
    public Change {
      changes = List.copyOf(changes);
      reported = List.copyOf(reported);
    }
  }

  /** What a transaction of the keyspace comes to: new versions, all at the next revision. */
  record Transacted(NamespaceRecord namespace, List<ConfigVersion> changes, TxnResult result)
      implements Decision {
    public Transacted {
      changes = List.copyOf(changes);
    }
  }

  /** The keyspace is there, at this revision. */
  record Founded(Optional<NamespaceRecord> created, Revision revision) implements Decision {}

  /** Leases granted or noted anew; no revision. */
  record Leases(List<Lease> noted) implements Decision {
    public Leases {
      noted = List.copyOf(noted);
    }
  }

  /**
   * A lease ended, and its keys deleted at the next revision, if it had any.
   *
   * @param namespace null: it had none
   */
  record Revoked(long leaseId, @Nullable NamespaceRecord namespace, List<ConfigVersion> tombstones)
      implements Decision {
    public Revoked {
      tombstones = List.copyOf(tombstones);
    }
  }

  /** Users and roles as they are from then on; no revision. */
  record Auth(AuthState state) implements Decision {}

  /** Namespaces made or altered; no revision. */
  record Namespaces(List<NamespaceRecord> records, boolean created) implements Decision {
    public Namespaces {
      records = List.copyOf(records);
    }
  }

  /** Versions dropped, and the horizon raised over them; no revision. */
  record Drop(NamespaceRecord namespace, List<Dropped> versions) implements Decision {
    public Drop {
      versions = List.copyOf(versions);
    }

    record Dropped(Key key, Version version) {}
  }

  /** Followers noted or forgotten; no revision. */
  record Followers(Command.NoteFollowers noted) implements Decision {}

  /**
   * A conflict recorded or closed, with what settles it: at most one new version.
   *
   * @param contents null: those that were recorded stay
   * @param changes the version that was made; empty if what is there stays
   */
  record Settled(
      NamespaceRecord namespace,
      Conflict conflict,
      @Nullable ConflictContents contents,
      List<ConfigVersion> changes,
      List<ConfigVersion> reported)
      implements Decision {
    public Settled {
      changes = List.copyOf(changes);
      reported = List.copyOf(reported);
    }
  }

  /** A conflict that is recorded already and waits. */
  record Known(long conflictId) implements Decision {}

  /** Closed conflicts forgotten. */
  record ConflictsDropped(List<Long> ids) implements Decision {
    public ConflictsDropped {
      ids = List.copyOf(ids);
    }
  }

  record Nothing() implements Decision {}

  record Reject(Rejection rejection) implements Decision {}
}
