package io.syncline.server.etcd;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.syncline.model.Actor;
import io.syncline.model.Checksum;
import io.syncline.model.Command;
import io.syncline.model.Command.Content;
import io.syncline.model.Consistency;
import io.syncline.model.KeyspaceCommand;
import io.syncline.model.NamespaceName;
import io.syncline.model.Outcome;
import io.syncline.model.ProposedCommand;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Revision;
import io.syncline.model.Txn;
import io.syncline.proto.etcd.v3.ResponseHeader;
import io.syncline.server.admission.Limits;
import io.syncline.server.rpc.Serving;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The namespace that clients of etcd see, and how it is written to. Any thread. */
final class Keyspace {
  /** As etcd's. */
  static final int MAX_OPERATIONS = 128;

  private final Supplier<Serving> serving;
  private final NamespaceName name;
  private final Limits limits;
  private volatile Ids ids = Ids.NONE;

  /**
   * @param serving gives what requests need, or refuses while there is nothing yet
   */
  Keyspace(Supplier<Serving> serving, NamespaceName name, Limits limits) {
    this.serving = serving;
    this.name = name;
    this.limits = limits;
  }

  /**
   * @throws RejectedException while this voter does not serve yet
   */
  Serving serving() {
    return serving.get();
  }

  NamespaceName name() {
    return name;
  }

  /** Whether clients may take it for a keyspace at this voter: it is there, and its revision no zero. */
  boolean isFounded() {
    return serving().reads().exists(name) && serving().reads().revision().isAfter(Revision.ZERO);
  }

  /** Sees to it that it is there. At the leader; others refuse. */
  CompletableFuture<Void> found() {
    return isFounded()
        ? CompletableFuture.completedFuture(null)
        : carryOut(Caller.NOBODY, new KeyspaceCommand.Found(name)).thenApply(done -> null);
  }

  /** Proposes; a refusal is a {@link RejectedException}. */
  CompletableFuture<Outcome.Committed> carryOut(Caller caller, KeyspaceCommand command) {
    var keyspace = new Command.Keyspace(command, caller.authRevision());
    Actor actor = command instanceof KeyspaceCommand.Found ? Actor.SYNCLINE : caller.actor();
    return serving().write(new ProposedCommand(null, actor, "", keyspace));
  }

  /**
   * @throws RejectedException if a request is larger than what can be written at once
   */
  void requireSize(Message request) {
    if (request.getSerializedSize() > limits.maxCommandBytes()) {
      throw new RejectedException(
          Rejection.tooLarge("request", request.getSerializedSize(), limits.maxCommandBytes()));
    }
  }

  /** Like {@link #carryOut}, of a transaction whose contents are within their bounds. */
  CompletableFuture<Outcome.Committed> transact(Caller caller, Txn txn) {
    requireSizes(txn);
    return found().thenCompose(there -> carryOut(caller, new KeyspaceCommand.Transact(name, txn)));
  }

  private void requireSizes(Txn txn) {
    txn.success().forEach(this::requireSize);
    txn.failure().forEach(this::requireSize);
  }

  private void requireSize(Txn.Operation operation) {
    if (operation instanceof Txn.Operation.Put put) {
      Content content = put.content();
      if (content != null && content.bytes().size() > limits.maxContentBytes()) {
        throw new RejectedException(
            Rejection.tooLarge("content", content.bytes().size(), limits.maxContentBytes()));
      }
    } else if (operation instanceof Txn.Operation.Nested nested) {
      requireSizes(nested.txn());
    }
  }

  /** What is read at a revision before it is refused. */
  Revision horizon() {
    return serving().reads().horizon(name);
  }

  /** Waits until this voter may answer linearizable reads. */
  CompletableFuture<Void> fresh() {
    return serving().freshness().await(Consistency.LINEARIZABLE);
  }

  /** Whose answer it is, at the newest revision that this voter has; 1 before there is a keyspace. */
  ResponseHeader header() {
    Revision newest = serving().reads().revision();
    return header(newest.isAfter(Revision.ZERO) ? newest : newest.next());
  }

  ResponseHeader header(Revision revision) {
    io.syncline.proto.api.v1.ResponseHeader known = serving().header(revision);
    Ids numbers = ids;
    if (!numbers.areOf(known)) {
      numbers = Ids.of(known);
      ids = numbers;
    }
    return ResponseHeader.newBuilder()
        .setClusterId(numbers.cluster)
        .setMemberId(numbers.member)
        .setRevision(revision.value())
        .setRaftTerm(known.getTerm())
        .build();
  }

  /** The numbers of names that do not change while the voter serves. */
  private record Ids(String clusterName, String voterName, long cluster, long member) {
    static final Ids NONE = new Ids("", "", 0, 0);

    static Ids of(io.syncline.proto.api.v1.ResponseHeader known) {
      return new Ids(
          known.getClusterId(),
          known.getVoter(),
          idOf(known.getClusterId()),
          memberId(known.getClusterId(), known.getVoter()));
    }

    boolean areOf(io.syncline.proto.api.v1.ResponseHeader known) {
      return clusterName.equals(known.getClusterId()) && voterName.equals(known.getVoter());
    }
  }

  /** The number that stands for a voter. */
  static long memberId(String clusterId, String voter) {
    return idOf(clusterId + "/" + voter);
  }

  private static long idOf(String name) {
    return Checksum.of(ByteString.copyFromUtf8(name))
        .bytes()
        .asReadOnlyByteBuffer()
        .getLong();
  }
}
