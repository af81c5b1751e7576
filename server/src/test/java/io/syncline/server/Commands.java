package io.syncline.server;

import com.google.protobuf.ByteString;
import io.syncline.model.Command;
import io.syncline.model.Command.Content;
import io.syncline.model.Command.Prune.PrunedKey;
import io.syncline.model.Command.Transaction.Compare;
import io.syncline.model.Command.Transaction.Operation;
import io.syncline.model.CommandId;
import io.syncline.model.ConflictType;
import io.syncline.model.FollowerRegistration;
import io.syncline.model.Key;
import io.syncline.model.KeyRange;
import io.syncline.model.NamespaceName;
import io.syncline.model.NamespaceSettings;
import io.syncline.model.Precondition;
import io.syncline.model.Revision;
import io.syncline.model.Settlement;
import io.syncline.model.Subscription;
import io.syncline.model.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Commands in few words, and random ones; all in the default namespace where none is named. */
public final class Commands {
  public static final NamespaceName DEFAULT = NamespaceName.DEFAULT;
  public static final NamespaceName OTHER = new NamespaceName("other");

  private Commands() {}

  public static Command put(String key, String content) {
    return put(DEFAULT, key, content, Precondition.NONE, false);
  }

  public static Command put(String key, String content, Precondition precondition) {
    return put(DEFAULT, key, content, precondition, false);
  }

  public static Command put(
      NamespaceName namespace,
      String key,
      String content,
      Precondition precondition,
      boolean force) {
    return new Command.Put(namespace, Key.of(key), content(content), precondition, force, null);
  }

  public static Content content(String text) {
    return Content.of(ByteString.copyFromUtf8(text), "text/plain");
  }

  public static Command delete(String key) {
    return new Command.Delete(DEFAULT, Key.of(key), Precondition.NONE, null);
  }

  public static Command undelete(String key) {
    return new Command.Undelete(DEFAULT, Key.of(key), Precondition.NONE);
  }

  public static Command rollback(String key, long toVersion) {
    return rollback(key, toVersion, Precondition.NONE);
  }

  public static Command rollback(String key, long toVersion, Precondition precondition) {
    return new Command.Rollback(DEFAULT, Key.of(key), Version.of(toVersion), precondition);
  }

  public static Command deleteRange(String prefix) {
    return new Command.DeleteRange(DEFAULT, KeyRange.prefix(prefix));
  }

  public static Command compact(long revision) {
    return new Command.Compact(DEFAULT, Revision.of(revision));
  }

  public static Command prune(String key, long below) {
    return new Command.Prune(DEFAULT, List.of(new PrunedKey(Key.of(key), Version.of(below))));
  }

  public static Command createNamespace(NamespaceName name) {
    return new Command.CreateNamespace(name, NamespaceSettings.KEEP_ALL);
  }

  public static Command transaction(
      List<Compare> compares, List<Operation> thenOperations, List<Operation> elseOperations) {
    return new Command.Transaction(DEFAULT, compares, thenOperations, elseOperations);
  }

  public static Compare compare(String key, Precondition condition) {
    return new Compare(Key.of(key), condition);
  }

  public static Operation putting(String key, String content) {
    return new Operation(Key.of(key), content(content), false);
  }

  public static Operation deleting(String key) {
    return new Operation(Key.of(key), null, false);
  }

  public static Precondition atVersion(long version) {
    return new Precondition.AtVersion(Version.of(version));
  }

  public static Precondition atRevision(long revision) {
    return new Precondition.AtRevision(Revision.of(revision));
  }

  public static CommandId id(long sequence) {
    return new CommandId(ByteString.copyFromUtf8("0123456789abcdef"), sequence);
  }

  /**
   * Any command that changes keys, on few keys, so that it often meets what is there.
   *
   * @param revision the store's, to aim preconditions near it
   */
  public static Command anyWrite(Random random, long revision) {
    NamespaceName namespace = random.nextInt(4) == 0 ? OTHER : DEFAULT;
    Key key = anyKey(random);
    return switch (random.nextInt(12)) {
      case 0, 1 -> new Command.Delete(namespace, key, anyPrecondition(random, revision), null);
      case 2 -> new Command.Undelete(namespace, key, anyPrecondition(random, revision));
      case 3, 4 ->
        new Command.Rollback(
            namespace, key, new Version(1 + random.nextInt(12)), anyPrecondition(random, revision));
      case 5 ->
        new Command.DeleteRange(
            namespace,
            KeyRange.prefix(random.nextInt(5) == 0 ? "key/" : key.bytes().toStringUtf8()));
      case 6, 7 ->
        new Command.Transaction(
            namespace,
            List.of(new Compare(anyKey(random), anyPrecondition(random, revision))),
            anyOperations(random),
            anyOperations(random));
      default ->
        new Command.Put(
            namespace,
            key,
            anyContent(random),
            anyPrecondition(random, revision),
            random.nextInt(8) == 0,
            null);
    };
  }

  /** Any command at all. */
  public static Command any(Random random, long revision) {
    NamespaceName namespace = random.nextBoolean() ? OTHER : DEFAULT;
    return switch (random.nextInt(30)) {
      case 0 ->
        new Command.Compact(
            random.nextInt(3) == 0 ? null : namespace,
            Revision.of(random.nextInt((int) revision + 3)));
      case 1 ->
        new Command.Prune(
            namespace,
            List.of(
                new PrunedKey(anyKey(random), new Version(1 + random.nextInt(10))),
                new PrunedKey(anyKey(random), new Version(1 + random.nextInt(10)))));
      case 2 ->
        new Command.CreateNamespace(
            new NamespaceName("n" + random.nextInt(20)), NamespaceSettings.KEEP_ALL);
      case 3 ->
        new Command.UpdateNamespace(
            random.nextBoolean() ? namespace : new NamespaceName("n" + random.nextInt(20)),
            new NamespaceSettings(Duration.ofDays(random.nextInt(9)), random.nextInt(9)));
      case 4 -> new Command.Barrier();
      case 5 ->
        new Command.NoteFollowers(
            List.of(new FollowerRegistration(
                "f" + random.nextInt(6),
                random.nextBoolean() ? "" : "localhost:7500",
                Subscription.EVERYTHING,
                Revision.of(random.nextInt((int) revision + 1)),
                Instant.ofEpochMilli(random.nextInt(1000)))),
            random.nextInt(3) == 0 ? List.of("f" + random.nextInt(6)) : List.of());
      case 6, 7 ->
        new Command.RecordConflict(
            ConflictType.CONCURRENT_MODIFICATION,
            namespace,
            anyKey(random),
            Version.of(random.nextInt(4)),
            Version.of(random.nextInt(4)),
            random.nextInt(4) == 0 ? null : anyContent(random),
            "",
            List.of(),
            anySettlement(random));
      case 8 ->
        new Command.ResolveConflict(
            1 + random.nextInt(30), Version.of(random.nextInt(8)), anySettlement(random));
      case 9 -> new Command.DropConflicts(List.of(1L + random.nextInt(20)));
      default -> anyWrite(random, revision);
    };
  }

  private static Settlement anySettlement(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> new Settlement(Settlement.Act.REJECT, "reject", "");
      case 1 -> new Settlement(Settlement.Act.KEEP, "accept-source", "");
      case 2 -> new Settlement(Settlement.Act.DELETE, "accept-target", "");
      case 3 -> new Settlement(Settlement.Act.WRITE, anyContent(random), "merge", "");
      default -> new Settlement(Settlement.Act.LEAVE_OPEN, "manual", "");
    };
  }

  public static Key anyKey(Random random) {
    return Key.of("key/" + random.nextInt(12));
  }

  private static Content anyContent(Random random) {
    return content("content " + random.nextInt(6));
  }

  private static Precondition anyPrecondition(Random random, long revision) {
    return switch (random.nextInt(12)) {
      case 0 -> Precondition.ABSENT;
      case 1 -> new Precondition.AtVersion(Version.of(random.nextInt(6)));
      case 2 -> atRevision(Math.max(0, revision - random.nextInt(10)));
      case 3 -> new Precondition.AtChecksum(anyContent(random).checksum());
      default -> Precondition.NONE;
    };
  }

  private static List<Operation> anyOperations(Random random) {
    var operations = new ArrayList<Operation>();
    for (int i = 0; i < 12; i++) {
      if (random.nextInt(4) == 0) {
        boolean delete = random.nextInt(3) == 0;
        operations.add(
            new Operation(Key.of("key/" + i), delete ? null : anyContent(random), false));
      }
    }
    return operations;
  }
}
