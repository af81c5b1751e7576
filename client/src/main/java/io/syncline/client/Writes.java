package io.syncline.client;

import io.syncline.codec.ApiCodec;
import io.syncline.model.Command;
import io.syncline.model.Command.Content;
import io.syncline.model.Command.Transaction;
import io.syncline.model.CommandId;
import io.syncline.model.OnConflict;
import io.syncline.model.Revision;
import io.syncline.proto.api.v1.ClusterServiceGrpc;
import io.syncline.proto.api.v1.CompactRequest;
import io.syncline.proto.api.v1.ConfigServiceGrpc;
import io.syncline.proto.api.v1.CreateNamespaceRequest;
import io.syncline.proto.api.v1.DeleteRangeRequest;
import io.syncline.proto.api.v1.DeleteRequest;
import io.syncline.proto.api.v1.NamespaceServiceGrpc;
import io.syncline.proto.api.v1.PutRequest;
import io.syncline.proto.api.v1.ResponseHeader;
import io.syncline.proto.api.v1.RollbackRequest;
import io.syncline.proto.api.v1.TransactRequest;
import io.syncline.proto.api.v1.UndeleteRequest;
import io.syncline.proto.api.v1.UpdateNamespaceRequest;
import io.syncline.proto.api.v1.WriteContext;
import io.syncline.proto.api.v1.WriteManyRequest.Write;
import io.syncline.proto.api.v1.WriteResponse;
import java.util.List;
import java.util.Optional;

/** Makes requests of commands. */
final class Writes {
  private final WriteContext context;
  private final Optional<OnConflict> onConflict;

  private Writes(WriteContext context, Optional<OnConflict> onConflict) {
    this.context = context;
    this.onConflict = onConflict;
  }

  /**
   * @throws IllegalArgumentException if the command is one that only voters propose
   */
  static Request<?, ?, WriteResult> request(
      Command command, CommandId id, String reason, Optional<OnConflict> onConflict) {
    var writes = new Writes(
        WriteContext.newBuilder()
            .setCommandId(ApiCodec.toProto(id))
            .setReason(reason)
            .build(),
        onConflict);
    boolean settles = command instanceof Command.Put || command instanceof Command.Delete;
    if (onConflict.isPresent() && !settles) {
      throw new IllegalArgumentException("on conflict: "
          + command.getClass().getSimpleName()
          + " cannot be settled (expected: a put or a delete)");
    }
    if (command instanceof Command.Put put) {
      return writes.put(put);
    } else if (command instanceof Command.Delete delete) {
      return writes.delete(delete);
    } else if (command instanceof Command.DeleteRange deleteRange) {
      return writes.deleteRange(deleteRange);
    } else if (command instanceof Command.Undelete undelete) {
      return writes.undelete(undelete);
    } else if (command instanceof Command.Rollback rollback) {
      return writes.rollback(rollback);
    } else if (command instanceof Transaction transaction) {
      return writes.transact(transaction);
    } else if (command instanceof Command.CreateNamespace create) {
      return writes.createNamespace(create);
    } else if (command instanceof Command.UpdateNamespace update) {
      return writes.updateNamespace(update);
    } else if (command instanceof Command.Compact compact) {
      return writes.compact(compact);
    }
    throw new IllegalArgumentException(
        command.getClass().getSimpleName() + ": proposed by voters only (expected: a write)");
  }

  /** A put that carries no id: of a draft, which gets one where it is kept. */
  static PutRequest putRequest(Command.Put put, String reason, String onConflict) {
    return withoutId(reason, onConflict).message(put);
  }

  /** A delete that carries no id. */
  static DeleteRequest deleteRequest(Command.Delete delete, String reason, String onConflict) {
    return withoutId(reason, onConflict).message(delete);
  }

  private static Writes withoutId(String reason, String onConflict) {
    return new Writes(
        WriteContext.newBuilder().setReason(reason).build(),
        onConflict.isEmpty() ? Optional.empty() : Optional.of(OnConflict.by(onConflict)));
  }

  private static io.syncline.proto.api.v1.OnConflict toProto(OnConflict onConflict) {
    return io.syncline.proto.api.v1.OnConflict.newBuilder()
        .setStrategy(onConflict.strategy())
        .setNode(onConflict.node())
        .build();
  }

  private Request<?, ?, WriteResult> put(Command.Put put) {
    return Request.streamedWrite(
        ConfigServiceGrpc.getPutMethod(), message(put), Write.Builder::setPut, Writes::result);
  }

  private PutRequest message(Command.Put put) {
    var message = PutRequest.newBuilder()
        .setContext(context)
        .setNamespace(put.namespace().value())
        .setKey(put.key().bytes())
        .setContent(put.content().bytes())
        .setContentType(put.content().contentType())
        .setChecksum(put.content().checksum().bytes())
        .setPrecondition(ApiCodec.toProto(put.precondition()))
        .setForce(put.force());
    if (put.sourceTime() != null) {
      message.setSourceTimeMs(put.sourceTime().toEpochMilli());
    }
    onConflict.map(Writes::toProto).ifPresent(message::setOnConflict);
    return message.build();
  }

  private Request<?, ?, WriteResult> delete(Command.Delete delete) {
    return Request.streamedWrite(
        ConfigServiceGrpc.getDeleteMethod(),
        message(delete),
        Write.Builder::setDelete,
        Writes::result);
  }

  private DeleteRequest message(Command.Delete delete) {
    var message = DeleteRequest.newBuilder()
        .setContext(context)
        .setNamespace(delete.namespace().value())
        .setKey(delete.key().bytes())
        .setPrecondition(ApiCodec.toProto(delete.precondition()));
    if (delete.sourceTime() != null) {
      message.setSourceTimeMs(delete.sourceTime().toEpochMilli());
    }
    onConflict.map(Writes::toProto).ifPresent(message::setOnConflict);
    return message.build();
  }

  private Request<?, ?, WriteResult> deleteRange(Command.DeleteRange deleteRange) {
    var message = DeleteRangeRequest.newBuilder()
        .setContext(context)
        .setNamespace(deleteRange.namespace().value())
        .setRange(ApiCodec.toProto(deleteRange.range()))
        .build();
    // Too many may be the keys in the range, which waiting does not change.
    return Request.write(
        ConfigServiceGrpc.getDeleteRangeMethod(), message, Writes::result, rejection -> false);
  }

  private Request<?, ?, WriteResult> undelete(Command.Undelete undelete) {
    var message = UndeleteRequest.newBuilder()
        .setContext(context)
        .setNamespace(undelete.namespace().value())
        .setKey(undelete.key().bytes())
        .setPrecondition(ApiCodec.toProto(undelete.precondition()))
        .build();
    return Request.streamedWrite(
        ConfigServiceGrpc.getUndeleteMethod(), message, Write.Builder::setUndelete, Writes::result);
  }

  private Request<?, ?, WriteResult> rollback(Command.Rollback rollback) {
    var message = RollbackRequest.newBuilder()
        .setContext(context)
        .setNamespace(rollback.namespace().value())
        .setKey(rollback.key().bytes())
        .setToVersion(rollback.toVersion().value())
        .setPrecondition(ApiCodec.toProto(rollback.precondition()))
        .build();
    return Request.streamedWrite(
        ConfigServiceGrpc.getRollbackMethod(), message, Write.Builder::setRollback, Writes::result);
  }

  private Request<?, ?, WriteResult> transact(Transaction transaction) {
    var message = TransactRequest.newBuilder()
        .setContext(context)
        .setNamespace(transaction.namespace().value());
    for (Transaction.Compare compare : transaction.compares()) {
      message.addCompares(TransactRequest.Compare.newBuilder()
          .setKey(compare.key().bytes())
          .setCondition(ApiCodec.toProto(compare.condition())));
    }
    message.addAllThenOperations(operations(transaction.thenOperations()));
    message.addAllElseOperations(operations(transaction.elseOperations()));
    int operations = message.getThenOperationsCount() + message.getElseOperationsCount();
    // Refused for its own size, it would be refused again.
    return Request.write(
        ConfigServiceGrpc.getTransactMethod(),
        message.build(),
        Writes::result,
        rejection -> rejection.given() != operations);
  }

  private static List<TransactRequest.Operation> operations(
      List<Transaction.Operation> operations) {
    return operations.stream().map(Writes::operation).toList();
  }

  private static TransactRequest.Operation operation(Transaction.Operation operation) {
    var message = TransactRequest.Operation.newBuilder().setKey(operation.key().bytes());
    Content put = operation.put();
    if (put == null) {
      message.setDelete(TransactRequest.DeleteAction.getDefaultInstance());
    } else {
      message.setPut(TransactRequest.PutAction.newBuilder()
          .setContent(put.bytes())
          .setContentType(put.contentType())
          .setForce(operation.force()));
    }
    return message.build();
  }

  private Request<?, ?, WriteResult> createNamespace(Command.CreateNamespace create) {
    var message = CreateNamespaceRequest.newBuilder()
        .setContext(context)
        .setName(create.name().value())
        .setSettings(ApiCodec.toProto(create.settings()))
        .build();
    return Request.write(
        NamespaceServiceGrpc.getCreateNamespaceMethod(),
        message,
        answer -> withoutVersions(answer.getHeader()),
        rejection -> false);
  }

  private Request<?, ?, WriteResult> updateNamespace(Command.UpdateNamespace update) {
    var message = UpdateNamespaceRequest.newBuilder()
        .setContext(context)
        .setName(update.name().value())
        .setSettings(ApiCodec.toProto(update.settings()))
        .build();
    return Request.write(
        NamespaceServiceGrpc.getUpdateNamespaceMethod(),
        message,
        answer -> withoutVersions(answer.getHeader()),
        rejection -> true);
  }

  private Request<?, ?, WriteResult> compact(Command.Compact compact) {
    var message = CompactRequest.newBuilder()
        .setContext(context)
        .setRevision(compact.revision().value());
    if (compact.namespace() != null) {
      message.setNamespace(compact.namespace().value());
    }
    return Request.write(
        ClusterServiceGrpc.getCompactMethod(),
        message.build(),
        answer -> withoutVersions(answer.getHeader()),
        rejection -> true);
  }

  private static WriteResult result(WriteResponse answer) {
    return new WriteResult(
        Revision.of(answer.getHeader().getRevision()),
        answer.getChanged(),
        answer.getVersionsList().stream().map(ApiCodec::toDomain).toList(),
        answer.getComparesHeld(),
        answer.getConflictId());
  }

  private static WriteResult withoutVersions(ResponseHeader header) {
    return new WriteResult(Revision.of(header.getRevision()), true, List.of(), true);
  }
}
