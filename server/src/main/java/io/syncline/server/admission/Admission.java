package io.syncline.server.admission;

import com.google.protobuf.ByteString;
import io.syncline.codec.ApiCodec;
import io.syncline.conflict.Strategy;
import io.syncline.model.Actor;
import io.syncline.model.Checksum;
import io.syncline.model.Command;
import io.syncline.model.Command.Content;
import io.syncline.model.Command.Transaction.Compare;
import io.syncline.model.Command.Transaction.Operation;
import io.syncline.model.CommandId;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.NamespaceSettings;
import io.syncline.model.OnConflict;
import io.syncline.model.Precondition;
import io.syncline.model.ProposedCommand;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Revision;
import io.syncline.model.Version;
import io.syncline.proto.api.v1.CompactRequest;
import io.syncline.proto.api.v1.CreateNamespaceRequest;
import io.syncline.proto.api.v1.DeleteRangeRequest;
import io.syncline.proto.api.v1.DeleteRequest;
import io.syncline.proto.api.v1.PutRequest;
import io.syncline.proto.api.v1.RollbackRequest;
import io.syncline.proto.api.v1.TransactRequest;
import io.syncline.proto.api.v1.UndeleteRequest;
import io.syncline.proto.api.v1.UpdateNamespaceRequest;
import io.syncline.proto.api.v1.WriteContext;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns write requests into commands, and refuses what can be refused without looking at the state:
 * malformed names and numbers, sizes over a limit. Hashes contents, on the calling thread. Refusals
 * are {@link RejectedException}.
 */
public final class Admission {
  private static final int MAX_LIST_KEY_LENGTH = 256;

  private final Limits limits;

  public Admission(Limits limits) {
    this.limits = limits;
  }

  public ProposedCommand put(PutRequest request, Actor actor) {
    Content content = content(request.getContent(), request.getContentType());
    if (!request.getChecksum().isEmpty()) {
      requireChecksum(request.getChecksum(), content);
    }
    return proposed(
        request.getContext(),
        actor,
        new Command.Put(
            namespace(request.getNamespace()),
            key(request.getKey()),
            content,
            checked(() -> ApiCodec.toDomain(request.getPrecondition())),
            request.getForce(),
            time(request.hasSourceTimeMs(), request.getSourceTimeMs())));
  }

  public ProposedCommand delete(DeleteRequest request, Actor actor) {
    return proposed(
        request.getContext(),
        actor,
        new Command.Delete(
            namespace(request.getNamespace()),
            key(request.getKey()),
            checked(() -> ApiCodec.toDomain(request.getPrecondition())),
            time(request.hasSourceTimeMs(), request.getSourceTimeMs())));
  }

  public ProposedCommand deleteRange(DeleteRangeRequest request, Actor actor) {
    return proposed(
        request.getContext(),
        actor,
        new Command.DeleteRange(
            namespace(request.getNamespace()), ApiCodec.toDomain(request.getRange())));
  }

  public ProposedCommand undelete(UndeleteRequest request, Actor actor) {
    return proposed(
        request.getContext(),
        actor,
        new Command.Undelete(
            namespace(request.getNamespace()),
            key(request.getKey()),
            checked(() -> ApiCodec.toDomain(request.getPrecondition()))));
  }

  public ProposedCommand rollback(RollbackRequest request, Actor actor) {
    return proposed(
        request.getContext(),
        actor,
        new Command.Rollback(
            namespace(request.getNamespace()),
            key(request.getKey()),
            version("to_version", request.getToVersion()),
            checked(() -> ApiCodec.toDomain(request.getPrecondition()))));
  }

  public ProposedCommand transact(TransactRequest request, Actor actor) {
    int operations = request.getThenOperationsCount() + request.getElseOperationsCount();
    requireAtMost("operations of a transaction", operations, limits.maxOperations());
    requireAtMost("compares of a transaction", request.getComparesCount(), limits.maxOperations());
    if (request.getSerializedSize() > limits.maxCommandBytes()) {
      throw new RejectedException(
          Rejection.tooLarge("transaction", request.getSerializedSize(), limits.maxCommandBytes()));
    }
    List<Compare> compares = request.getComparesList().stream()
        .map(c -> new Compare(key(c.getKey()), checked(() -> ApiCodec.toDomain(c.getCondition()))))
        .toList();
    return proposed(
        request.getContext(),
        actor,
        new Command.Transaction(
            namespace(request.getNamespace()),
            compares,
            operations("then_operations", request.getThenOperationsList()),
            operations("else_operations", request.getElseOperationsList())));
  }

  private List<Operation> operations(String branch, List<TransactRequest.Operation> operations) {
    Set<ByteString> seen = new HashSet<>();
    for (TransactRequest.Operation operation : operations) {
      if (!seen.add(operation.getKey())) {
        throw refused(branch
            + ": key \""
            + Key.display(operation.getKey())
            + "\" twice (expected: each key at most once in a branch)");
      }
    }
    return operations.stream().map(this::operation).toList();
  }

  private Operation operation(TransactRequest.Operation operation) {
    Key key = key(operation.getKey());
    return switch (operation.getActionCase()) {
      case PUT ->
        new Operation(
            key,
            content(operation.getPut().getContent(), operation.getPut().getContentType()),
            operation.getPut().getForce());
      case DELETE -> new Operation(key, null, false);
      case ACTION_NOT_SET ->
        throw refused("operation on key \"" + key + "\": no action (expected: put or delete)");
    };
  }

  public ProposedCommand createNamespace(CreateNamespaceRequest request, Actor actor) {
    return proposed(
        request.getContext(),
        actor,
        new Command.CreateNamespace(namespace(request.getName()), settings(request.getSettings())));
  }

  public ProposedCommand updateNamespace(UpdateNamespaceRequest request, Actor actor) {
    return proposed(
        request.getContext(),
        actor,
        new Command.UpdateNamespace(namespace(request.getName()), settings(request.getSettings())));
  }

  public ProposedCommand compact(CompactRequest request, Actor actor) {
    return proposed(
        request.getContext(),
        actor,
        new Command.Compact(
            request.getNamespace().isEmpty() ? null : namespace(request.getNamespace()),
            checked(() -> new Revision(request.getRevision()))));
  }

  /**
   * @throws RejectedException if this is no name of a namespace
   */
  public static NamespaceName namespace(String name) {
    return checked(() -> new NamespaceName(name));
  }

  /**
   * @throws RejectedException if the key is empty or too long
   */
  public static Key key(ByteString bytes) {
    if (bytes.size() > Key.MAX_SIZE_BYTES) {
      throw new RejectedException(Rejection.tooLarge("key", bytes.size(), Key.MAX_SIZE_BYTES));
    }
    return checked(() -> new Key(bytes));
  }

  /**
   * @throws RejectedException if the number is no version
   */
  public static Version version(String field, long number) {
    if (number <= 0) {
      throw refused(field + ": " + number + " (expected: 1 or more)");
    }
    return new Version(number);
  }

  /**
   * @throws RejectedException if the content or its type is too long
   */
  public Content content(ByteString bytes, String contentType) {
    if (bytes.size() > limits.maxContentBytes()) {
      throw new RejectedException(
          Rejection.tooLarge("content", bytes.size(), limits.maxContentBytes()));
    }
    if (contentType.length() > Limits.MAX_CONTENT_TYPE_LENGTH) {
      throw refused("content type: "
          + contentType.length()
          + " characters (expected: at most "
          + Limits.MAX_CONTENT_TYPE_LENGTH
          + ")");
    }
    return Content.of(bytes, contentType);
  }

  private static void requireChecksum(ByteString given, Content content) {
    Checksum expected = checked(() -> new Checksum(given));
    if (!expected.equals(content.checksum())) {
      throw refused("content: SHA-256 "
          + content.checksum()
          + " (expected: "
          + expected
          + ", as the request states); it was damaged on its way, send it again");
    }
  }

  /**
   * How a write is to be settled whose condition does not hold; empty: nothing was said.
   *
   * @param precondition that the write was asked for with
   * @throws RejectedException if there is no such strategy, or the condition names no base
   */
  public static Optional<OnConflict> onConflict(
      boolean present,
      io.syncline.proto.api.v1.OnConflict proto,
      io.syncline.proto.api.v1.Precondition precondition) {
    if (!present) {
      return Optional.empty();
    }
    requireStrategy(proto.getStrategy());
    if (proto.getNode().length() > Actor.MAX_NAME_LENGTH) {
      throw refused("node: " + proto.getNode().length() + " characters (expected: at most "
          + Actor.MAX_NAME_LENGTH + ")");
    }
    Precondition condition = checked(() -> ApiCodec.toDomain(precondition));
    if (condition instanceof Precondition.None || condition instanceof Precondition.AtChecksum) {
      throw refused(
          "on_conflict: needs to know what the change was made from, but the condition is "
              + condition.describe()
              + " (expected: a version, a revision, or that there is no value)");
    }
    return Optional.of(new OnConflict(proto.getStrategy(), proto.getNode()));
  }

  /**
   * @throws RejectedException if the text is neither empty nor a strategy's
   */
  public static void requireStrategy(String text) {
    if (!text.isEmpty()) {
      var unused = checked(() -> Strategy.parse(text));
    }
  }

  /** Settings whose strategy is one. */
  private static NamespaceSettings settings(io.syncline.proto.api.v1.NamespaceSettings proto) {
    return checked(() -> {
      NamespaceSettings settings = ApiCodec.toDomain(proto);
      if (!settings.onConflict().isEmpty()) {
        var unused = Strategy.parse(settings.onConflict());
      }
      for (String key : settings.listKeys()) {
        if (key.isEmpty() || key.length() > MAX_LIST_KEY_LENGTH) {
          throw new IllegalArgumentException(
              "list key: \"" + key + "\" (expected: 1 to " + MAX_LIST_KEY_LENGTH + " characters)");
        }
      }
      return settings;
    });
  }

  /** What travels beside a command that is made of something else than this request. */
  public ProposedCommand context(WriteContext context, Actor actor, Command command) {
    return proposed(context, actor, command);
  }

  private ProposedCommand proposed(WriteContext context, Actor actor, Command command) {
    if (context.getReason().length() > ProposedCommand.MAX_REASON_LENGTH) {
      throw refused("reason: "
          + context.getReason().length()
          + " characters (expected: at most "
          + ProposedCommand.MAX_REASON_LENGTH
          + ")");
    }
    CommandId id =
        context.hasCommandId() ? checked(() -> ApiCodec.toDomain(context.getCommandId())) : null;
    return new ProposedCommand(id, actor, context.getReason(), command);
  }

  private static @Nullable Instant time(boolean present, long millis) {
    return present ? Instant.ofEpochMilli(millis) : null;
  }

  private static void requireAtMost(String what, long given, long limit) {
    if (given > limit) {
      throw new RejectedException(Rejection.tooMany(what, given, limit));
    }
  }

  private interface Decoding<T> {
    T decode();
  }

  /** Domain types say what is wrong with a value; here it becomes a refusal. */
  private static <T> T checked(Decoding<T> decoding) {
    try {
      return decoding.decode();
    } catch (IllegalArgumentException e) {
      throw refused(String.valueOf(e.getMessage()));
    }
  }

  private static RejectedException refused(String message) {
    return new RejectedException(Rejection.badArgument(message));
  }
}
