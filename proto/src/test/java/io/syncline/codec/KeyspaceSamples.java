package io.syncline.codec;

import com.google.protobuf.ByteString;
import io.syncline.model.Command;
import io.syncline.model.Command.Content;
import io.syncline.model.Key;
import io.syncline.model.KeyRange;
import io.syncline.model.KeyspaceCommand;
import io.syncline.model.KeyspaceCommand.NoteLeases;
import io.syncline.model.Lease;
import io.syncline.model.NamespaceName;
import io.syncline.model.RangeQuery;
import io.syncline.model.Revision;
import io.syncline.model.Txn;
import io.syncline.model.Txn.Compare;
import io.syncline.model.Txn.Operation;
import io.syncline.model.Txn.Relation;
import io.syncline.model.Txn.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One of each command of the keyspace, with nothing left at its default. */
final class KeyspaceSamples {
  private static final NamespaceName NAMESPACE = new NamespaceName("etcd");
  private static final Key KEY = Key.of("/apisix/routes/1");

  private KeyspaceSamples() {}

  /** By what the golden file is named after. */
  static Map<String, Command> commands() {
    var commands = new TreeMap<String, Command>();
    commands.put("keyspace-found", command(new KeyspaceCommand.Found(NAMESPACE), 0));
    commands.put(
        "keyspace-transact", command(new KeyspaceCommand.Transact(NAMESPACE, transaction()), 9));
    commands.put(
        "keyspace-compact", command(new KeyspaceCommand.Compact(NAMESPACE, Revision.of(300)), 9));
    commands.put(
        "keyspace-grant-lease",
        command(new KeyspaceCommand.GrantLease(-77, Duration.ofSeconds(60)), 9));
    commands.put(
        "keyspace-revoke-lease", command(new KeyspaceCommand.RevokeLease(NAMESPACE, -77), 9));
    commands.put(
        "keyspace-note-leases",
        command(
            new NoteLeases(List.of(new NoteLeases.Remaining(-77, Duration.ofMillis(12_345)))), 0));
    AuthSamples.changes()
        .forEach((name, change) ->
            commands.put("keyspace-" + name, command(new KeyspaceCommand.ChangeAuth(change), 300)));
    return commands;
  }

  static Lease lease() {
    return new Lease(
        -77,
        Duration.ofSeconds(60),
        Duration.ofMillis(12_345),
        Instant.ofEpochMilli(1_700_000_000_123L));
  }

  private static Command command(KeyspaceCommand command, long authRevision) {
    return new Command.Keyspace(command, authRevision);
  }

  private static Txn transaction() {
    KeyRange one = KeyRange.single(KEY);
    var get = new RangeQuery(
        KeyRange.prefix("/apisix/"),
        10,
        Revision.of(7),
        RangeQuery.Order.DESCEND,
        RangeQuery.Target.MOD,
        true,
        true,
        1,
        2,
        3,
        4);
    var nested = new Txn(
        List.of(
            new Compare(one, Target.VALUE, Relation.NOT_EQUAL, 0, ByteString.copyFromUtf8("blue"))),
        List.of(new Operation.Get(get)),
        List.of(new Operation.Delete(KeyRange.ALL, true)));
    return new Txn(
        List.of(new Compare(one, Target.LEASE, Relation.GREATER, -5, ByteString.EMPTY)),
        List.of(
            new Operation.Put(
                KEY, Content.of(ByteString.copyFromUtf8("green"), ""), -77, false, true),
            new Operation.Nested(nested)),
        List.of(new Operation.Put(KEY, null, 0, true, false)));
  }
}
