package io.syncline.model;

import com.google.protobuf.ByteString;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something to be decided at its place in the log: the same command on the same state gives the same
 * outcome on every voter.
 */
public sealed interface Command {

  /** Content to be written, hashed before it was proposed. */
  record Content(ByteString bytes, String contentType, Checksum checksum) {
    /** Hashes the content: takes time in proportion to it. */
    public static Content of(ByteString bytes, String contentType) {
      return new Content(bytes, contentType, Checksum.of(bytes));
    }

    @Override
    public String toString() {
      return "Content[" + bytes.size() + " bytes, " + checksum + "]";
    }
  }

  /**
   * @param force make a new version even of equal content
   * @param sourceTime when an imported change was made at its source
   */
  record Put(
      NamespaceName namespace,
      Key key,
      Content content,
      Precondition precondition,
      boolean force,
      @Nullable Instant sourceTime)
      implements Command {}

  record Delete(
      NamespaceName namespace,
      Key key,
      Precondition precondition,
      @Nullable Instant sourceTime) implements Command {}

  record DeleteRange(NamespaceName namespace, KeyRange range) implements Command {}

  record Undelete(NamespaceName namespace, Key key, Precondition precondition) implements Command {}

  record Rollback(NamespaceName namespace, Key key, Version toVersion, Precondition precondition)
      implements Command {}

  /** Compares decide which branch runs; the branch runs whole, at one revision. */
  record Transaction(
      NamespaceName namespace,
      List<Compare> compares,
      List<Operation> thenOperations,
      List<Operation> elseOperations)
      implements Command {
    public Transaction {
      compares = List.copyOf(compares);
      thenOperations = List.copyOf(thenOperations);
      elseOperations = List.copyOf(elseOperations);
    }

    public record Compare(Key key, Precondition condition) {}

    /**
     * @param put what to write; null deletes the key if it is live
     */
    public record Operation(Key key, @Nullable Content put, boolean force) {}
  }

  record CreateNamespace(NamespaceName name, NamespaceSettings settings) implements Command {}

  record UpdateNamespace(NamespaceName name, NamespaceSettings settings) implements Command {}

  /**
   * Raises the horizon: history before the revision may go.
   *
   * @param namespace null: all of them
   */
  record Compact(@Nullable NamespaceName namespace, Revision revision) implements Command {}

  /** Drops versions beyond a namespace's count limit. */
  record Prune(NamespaceName namespace, List<PrunedKey> keys) implements Command {
    public Prune {
      keys = List.copyOf(keys);
    }

    /**
     * @param below versions below this one go
     */
    public record PrunedKey(Key key, Version below) {}
  }

  /**
   * Notes where followers stand, so that history is kept for them, whoever leads.
   *
   * @param forgotten ids of followers that will not come back
   */
  record NoteFollowers(List<FollowerRegistration> seen, List<String> forgotten) implements Command {
    public NoteFollowers {
      seen = List.copyOf(seen);
      forgotten = List.copyOf(forgotten);
    }
  }

  /**
   * Notes two contents that cannot both stand, and does what settles them. Refused unless {@code ours}
   * is the key's newest version.
   *
   * @param base the version that theirs was made from; {@link Version#NONE}: none, or not known
   * @param ours {@link Version#NONE}: the key never existed
   * @param theirs null: the incoming change is a deletion
   * @param node the follower that it comes from; empty: it came from a client
   */
  record RecordConflict(
      ConflictType type,
      NamespaceName namespace,
      Key key,
      Version base,
      Version ours,
      @Nullable Content theirs,
      String node,
      List<ConflictPath> paths,
      Settlement settlement)
      implements Command {
    public RecordConflict {
      paths = List.copyOf(paths);
    }
  }

  /**
   * Closes an open conflict, and does what settles it. Refused unless {@code ours} is the key's newest
   * version.
   */
  record ResolveConflict(long id, Version ours, Settlement settlement) implements Command {}

  /** Forgets conflicts; those that are open, or not there, stay as they are. */
  record DropConflicts(List<Long> ids) implements Command {
    public DropConflicts {
      ids = List.copyOf(ids);
    }
  }

  /** Changes nothing; whoever waits for it has seen everything committed before. */
  record Barrier() implements Command {}

  /**
   * What a client of etcd's API brings about.
   *
   * @param authRevision of the users and roles that allowed it; refused if they have changed since. 0:
   *     nobody had to allow it, for no client asked.
   */
  record Keyspace(KeyspaceCommand command, long authRevision) implements Command {}
}
