package io.syncline.server.raft;

import io.syncline.codec.LogCodec;
import io.syncline.model.Outcome;
import io.syncline.model.ProposedCommand;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.jspecify.annotations.Nullable;

/**
 * Commands on their way through the log together. Keeps the commands beside their bytes, so that the
 * leader, who has them already, never decodes them again.
 */
final class ProposedBatch implements Message {
  /** One command, its bytes, and whoever waits for its outcome. */
  record Entry(
      ProposedCommand command,
      com.google.protobuf.ByteString encoded,
      CompletableFuture<Outcome> outcome) {}

  private final LogCodec.Batch batch;
  private final List<Entry> entries;
  private final ByteString content;

  private volatile boolean appending;
  private volatile @Nullable List<Outcome> outcomes;

  ProposedBatch(List<Entry> entries, long proposedAtMs) {
    this.entries = entries;
    this.batch =
        new LogCodec.Batch(proposedAtMs, entries.stream().map(Entry::command).toList());
    this.content = UnsafeByteOperations.unsafeWrap(
        LogCodec.encodeBatch(proposedAtMs, entries.stream().map(Entry::encoded).toList())
            .asReadOnlyByteBuffer());
  }

  List<Entry> entries() {
    return entries;
  }

  LogCodec.Batch batch() {
    return batch;
  }

  @Override
  public ByteString getContent() {
    return content;
  }

  /** From here on the batch may get into the log, whatever is answered. */
  void noteAppending() {
    appending = true;
  }

  void decided(List<Outcome> decided) {
    outcomes = decided;
  }

  /** Answers everybody. */
  void complete(@Nullable Throwable error, Rejection notLeader) {
    List<Outcome> decided = outcomes;
    if (decided != null) {
      for (int i = 0; i < entries.size(); i++) {
        entries.get(i).outcome().complete(decided.get(i));
      }
      return;
    }
    Rejection rejection = appending ? outcomeUnknown(error) : notLeader;
    var rejected = new Outcome.Rejected(rejection);
    entries.forEach(entry -> entry.outcome().complete(rejected));
  }

  private static Rejection outcomeUnknown(@Nullable Throwable error) {
    return Rejection.of(
        Reason.OUTCOME_UNKNOWN,
        "the leader changed while the write was under way, so that it may or may not have been"
            + " committed; retry it with the same command id"
            + (error == null ? "" : " (" + error.getClass().getSimpleName() + ")"));
  }
}
