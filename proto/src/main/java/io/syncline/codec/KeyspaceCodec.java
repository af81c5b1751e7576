package io.syncline.codec;

import com.google.protobuf.ByteString;
import io.syncline.model.Checksum;
import io.syncline.model.Command;
import io.syncline.model.Command.Content;
import io.syncline.model.Key;
import io.syncline.model.KeyRange;
import io.syncline.model.KeyspaceCommand;
import io.syncline.model.KeyspaceCommand.NoteLeases;
import io.syncline.model.NamespaceName;
import io.syncline.model.RangeQuery;
import io.syncline.model.Revision;
import io.syncline.model.Txn;
import io.syncline.model.Txn.Compare;
import io.syncline.model.Txn.Operation;
import io.syncline.proto.log.v1.LogCompactKeyspace;
import io.syncline.proto.log.v1.LogContent;
import io.syncline.proto.log.v1.LogFoundKeyspace;
import io.syncline.proto.log.v1.LogGrantLease;
import io.syncline.proto.log.v1.LogKeyRange;
import io.syncline.proto.log.v1.LogKeyspace;
import io.syncline.proto.log.v1.LogLeaseRemaining;
import io.syncline.proto.log.v1.LogNoteLeases;
import io.syncline.proto.log.v1.LogRevokeLease;
import io.syncline.proto.log.v1.LogTransact;
import io.syncline.proto.log.v1.LogTxn;
import io.syncline.proto.log.v1.LogTxnCompare;
import io.syncline.proto.log.v1.LogTxnDelete;
import io.syncline.proto.log.v1.LogTxnGet;
import io.syncline.proto.log.v1.LogTxnOperation;
import io.syncline.proto.log.v1.LogTxnPut;
import java.time.Duration;
import java.util.List;

/** Commands of the keyspace, as they stand in the log. */
final class KeyspaceCodec {
  private KeyspaceCodec() {}

  static LogKeyspace encode(Command.Keyspace keyspace) {
    var to = LogKeyspace.newBuilder().setAuthRevision(keyspace.authRevision());
    KeyspaceCommand command = keyspace.command();
    if (command instanceof KeyspaceCommand.Found found) {
      to.setFound(LogFoundKeyspace.newBuilder().setNamespace(found.namespace().value()));
    } else if (command instanceof KeyspaceCommand.Transact transact) {
      to.setTransact(LogTransact.newBuilder()
          .setNamespace(transact.namespace().value())
          .setTxn(encode(transact.txn())));
    } else if (command instanceof KeyspaceCommand.Compact compact) {
      to.setCompact(LogCompactKeyspace.newBuilder()
          .setNamespace(compact.namespace().value())
          .setRevision(compact.revision().value()));
    } else if (command instanceof KeyspaceCommand.GrantLease grant) {
      to.setGrantLease(
          LogGrantLease.newBuilder().setId(grant.id()).setTtlMs(grant.ttl().toMillis()));
    } else if (command instanceof KeyspaceCommand.RevokeLease revoke) {
      to.setRevokeLease(
          LogRevokeLease.newBuilder().setNamespace(revoke.namespace().value()).setId(revoke.id()));
    } else if (command instanceof KeyspaceCommand.NoteLeases note) {
      var noted = LogNoteLeases.newBuilder();
      note.leases()
          .forEach(l -> noted.addLeases(
              LogLeaseRemaining.newBuilder().setId(l.id()).setLeftMs(l.left().toMillis())));
      to.setNoteLeases(noted);
    } else if (command instanceof KeyspaceCommand.ChangeAuth auth) {
      to.setChangeAuth(AuthCodec.encode(auth.change()));
    }
    return to.build();
  }

  static Command.Keyspace decode(LogKeyspace logged) {
    return new Command.Keyspace(decodeCommand(logged), logged.getAuthRevision());
  }

  private static KeyspaceCommand decodeCommand(LogKeyspace logged) {
    return switch (logged.getCommandCase()) {
      case FOUND ->
        new KeyspaceCommand.Found(new NamespaceName(logged.getFound().getNamespace()));
      case TRANSACT ->
        new KeyspaceCommand.Transact(
            new NamespaceName(logged.getTransact().getNamespace()),
            decode(logged.getTransact().getTxn()));
      case COMPACT ->
        new KeyspaceCommand.Compact(
            new NamespaceName(logged.getCompact().getNamespace()),
            Revision.of(logged.getCompact().getRevision()));
      case GRANT_LEASE ->
        new KeyspaceCommand.GrantLease(
            logged.getGrantLease().getId(),
            Duration.ofMillis(logged.getGrantLease().getTtlMs()));
      case REVOKE_LEASE ->
        new KeyspaceCommand.RevokeLease(
            new NamespaceName(logged.getRevokeLease().getNamespace()),
            logged.getRevokeLease().getId());
      case NOTE_LEASES ->
        new KeyspaceCommand.NoteLeases(logged.getNoteLeases().getLeasesList().stream()
            .map(l -> new NoteLeases.Remaining(l.getId(), Duration.ofMillis(l.getLeftMs())))
            .toList());
      case CHANGE_AUTH -> new KeyspaceCommand.ChangeAuth(AuthCodec.decode(logged.getChangeAuth()));
      case COMMAND_NOT_SET ->
        throw new IllegalArgumentException("command of a keyspace: none this version knows");
    };
  }

  private static LogTxn encode(Txn txn) {
    var to = LogTxn.newBuilder().setPlain(txn.plain());
    txn.compares().forEach(compare -> to.addCompares(encode(compare)));
    txn.success().forEach(operation -> to.addSuccess(encode(operation)));
    txn.failure().forEach(operation -> to.addFailure(encode(operation)));
    return to.build();
  }

  private static Txn decode(LogTxn logged) {
    return new Txn(
        logged.getComparesList().stream().map(KeyspaceCodec::decode).toList(),
        operations(logged.getSuccessList()),
        operations(logged.getFailureList()),
        logged.getPlain());
  }

  private static List<Operation> operations(List<LogTxnOperation> logged) {
    return logged.stream().map(KeyspaceCodec::decode).toList();
  }

  private static LogTxnCompare encode(Compare compare) {
    return LogTxnCompare.newBuilder()
        .setKeys(encode(compare.keys()))
        .setTarget(compare.target().number())
        .setRelation(compare.relation().number())
        .setNumber(compare.number())
        .setValue(compare.value())
        .build();
  }

  private static Compare decode(LogTxnCompare logged) {
    return new Compare(
        decode(logged.getKeys()),
        Txn.Target.ofNumber(logged.getTarget()),
        Txn.Relation.ofNumber(logged.getRelation()),
        logged.getNumber(),
        logged.getValue());
  }

  private static LogTxnOperation encode(Operation operation) {
    var to = LogTxnOperation.newBuilder();
    if (operation instanceof Operation.Get get) {
      to.setGet(encode(get.query()));
    } else if (operation instanceof Operation.Put put) {
      to.setPut(encode(put));
    } else if (operation instanceof Operation.Delete delete) {
      to.setDelete(LogTxnDelete.newBuilder()
          .setKeys(encode(delete.keys()))
          .setWantPrevious(delete.wantPrevious()));
    } else if (operation instanceof Operation.Nested nested) {
      to.setNested(encode(nested.txn()));
    }
    return to.build();
  }

  private static Operation decode(LogTxnOperation logged) {
    return switch (logged.getOperationCase()) {
      case GET -> new Operation.Get(decode(logged.getGet()));
      case PUT -> decode(logged.getPut());
      case DELETE ->
        new Operation.Delete(
            decode(logged.getDelete().getKeys()), logged.getDelete().getWantPrevious());
      case NESTED -> new Operation.Nested(decode(logged.getNested()));
      case OPERATION_NOT_SET ->
        throw new IllegalArgumentException("operation: none this version knows");
    };
  }

  private static LogTxnPut encode(Operation.Put put) {
    var to = LogTxnPut.newBuilder()
        .setKey(put.key().bytes())
        .setLease(put.lease())
        .setKeepLease(put.keepLease())
        .setWantPrevious(put.wantPrevious());
    Content content = put.content();
    if (content != null) {
      to.setContent(LogContent.newBuilder()
          .setContent(content.bytes())
          .setContentType(content.contentType())
          .setChecksum(content.checksum().bytes()));
    }
    return to.build();
  }

  private static Operation.Put decode(LogTxnPut logged) {
    ByteString bytes = logged.getContent().getContent();
    return new Operation.Put(
        new Key(logged.getKey()),
        logged.hasContent()
            ? new Content(
                bytes,
                logged.getContent().getContentType(),
                new Checksum(logged.getContent().getChecksum()))
            : null,
        logged.getLease(),
        logged.getKeepLease(),
        logged.getWantPrevious());
  }

  private static LogTxnGet encode(RangeQuery query) {
    return LogTxnGet.newBuilder()
        .setKeys(encode(query.keys()))
        .setLimit(query.limit())
        .setAtRevision(query.at().value())
        .setOrder(query.order().number())
        .setTarget(query.target().number())
        .setKeysOnly(query.keysOnly())
        .setCountOnly(query.countOnly())
        .setMinMod(query.minMod())
        .setMaxMod(query.maxMod())
        .setMinCreate(query.minCreate())
        .setMaxCreate(query.maxCreate())
        .build();
  }

  private static RangeQuery decode(LogTxnGet logged) {
    return new RangeQuery(
        decode(logged.getKeys()),
        logged.getLimit(),
        Revision.of(logged.getAtRevision()),
        RangeQuery.Order.ofNumber(logged.getOrder()),
        RangeQuery.Target.ofNumber(logged.getTarget()),
        logged.getKeysOnly(),
        logged.getCountOnly(),
        logged.getMinMod(),
        logged.getMaxMod(),
        logged.getMinCreate(),
        logged.getMaxCreate());
  }

  private static LogKeyRange encode(KeyRange keys) {
    return LogKeyRange.newBuilder().setFrom(keys.from()).setTo(keys.to()).build();
  }

  private static KeyRange decode(LogKeyRange logged) {
    return new KeyRange(logged.getFrom(), logged.getTo());
  }
}
