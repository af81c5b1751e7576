package io.syncline.server.raft;

import com.google.protobuf.UnsafeByteOperations;
import io.syncline.codec.LogCodec;
import io.syncline.model.Fault;
import io.syncline.model.LogPosition;
import io.syncline.server.apply.Applier;
import io.syncline.server.apply.Applier.Applied;
import io.syncline.server.store.DurableFiles;
import io.syncline.server.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds committed log entries to the {@link Applier}, in order, each once: the seam between Ratis and
 * the deterministic state machine.
 *
 * <p>Ratis replays from its latest snapshot, while the store may stand further on: entries the store
 * reflects already are skipped. Called by Ratis' updater thread, but for notifications.
 */
final class CommittedLog extends BaseStateMachine {
  private static final Logger LOG = LoggerFactory.getLogger(CommittedLog.class);

  private final Store store;
  private final SnapshotFolder snapshots;
  private final AppliedMark mark;
  private final RaftEvents events;
  private final Consumer<Fault> onFault;
  private final long snapshotLogBytes;
  private final Runnable askForSnapshot;
  private final RaftMeters meters;

  private final AtomicReference<@Nullable LogPosition> begunSnapshot = new AtomicReference<>();
  private final AtomicReference<@Nullable LogPosition> finishedSnapshot = new AtomicReference<>();

  private Applier applier;
  private long logBytesSinceSnapshot;
  private boolean leaderSeen;

  CommittedLog(
      Store store,
      AppliedMark mark,
      RaftEvents events,
      Consumer<Fault> onFault,
      RaftOptions options,
      Runnable askForSnapshot,
      RaftMeters meters) {
    this.store = store;
    this.snapshots = new SnapshotFolder(options.snapshotsKept());
    this.mark = mark;
    this.events = events;
    this.onFault = onFault;
    this.snapshotLogBytes = options.snapshotLogBytes();
    this.askForSnapshot = askForSnapshot;
    this.meters = meters;
    this.applier = new Applier(store);
  }

  @Override
  public void initialize(RaftServer server, RaftGroupId groupId, RaftStorage storage)
      throws IOException {
    getLifeCycle().startAndTransition(() -> initializeOnce(server, groupId, storage));
  }

  private void initializeOnce(RaftServer server, RaftGroupId groupId, RaftStorage storage)
      throws IOException {
    super.initialize(server, groupId, storage);
    snapshots.init(storage);
    Path newest = snapshots.newest();
    if (newest != null && !store.position().applied().covers(SnapshotFolder.positionOf(newest))) {
      LOG.info("restoring the store from a snapshot: snapshot={}", newest);
      restore(newest);
    }
    resumeFromSnapshot();
  }

  @Override
  public SnapshotFolder getStateMachineStorage() {
    return snapshots;
  }

  @Override
  public TransactionContext startTransaction(RaftClientRequest request) {
    var builder = TransactionContext.newBuilder().setStateMachine(this).setClientRequest(request);
    if (request.getMessage() instanceof ProposedBatch proposed) {
      proposed.noteAppending();
      builder.setStateMachineContext(proposed);
    }
    return builder.build();
  }

  @Override
  public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
    LogEntryProto entry = transaction.getLogEntry();
    try {
      applyEntry(entry, transaction.getStateMachineContext());
      updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
      return CompletableFuture.completedFuture(Message.EMPTY);
    } catch (RuntimeException | Error e) {
      throw fault("raft: cannot apply log entry " + entry.getIndex(), e);
    }
  }

  private void applyEntry(LogEntryProto entry, @Nullable Object context) {
    var at = new LogPosition(entry.getTerm(), entry.getIndex());
    var data = entry.getStateMachineLogEntry().getLogData();
    logBytesSinceSnapshot += data.size();
    if (applier.applied().covers(at)) {
      return;
    }
    ProposedBatch proposed = context instanceof ProposedBatch ours ? ours : null;
    LogCodec.Batch batch = proposed != null
        ? proposed.batch()
        : LogCodec.decodeBatch(UnsafeByteOperations.unsafeWrap(data.asReadOnlyByteBuffer()));
    long startNanos = System.nanoTime();
    Applied applied = applier.apply(batch, at);
    meters.applies().recordSince(startNanos);
    mark.set(at.index());
    if (proposed != null) {
      proposed.decided(applied.outcomes());
    }
    events.onApplied(applied);
    askForSnapshotIfDue();
  }

  private void askForSnapshotIfDue() {
    if (logBytesSinceSnapshot >= snapshotLogBytes) {
      logBytesSinceSnapshot = 0;
      askForSnapshot.run();
    }
  }

  @Override
  public void notifyTermIndexUpdated(long term, long index) {
    var at = new LogPosition(term, index);
    if (!applier.applied().covers(at)) {
      try {
        applier.skip(at);
        mark.set(index);
      } catch (RuntimeException | Error e) {
        throw fault("raft: cannot note log entry " + index, e);
      }
    }
    updateLastAppliedTermIndex(term, index);
  }

  /**
   * Begins a snapshot, or hands over the one that is finished. In between {@link #finishSnapshot} reads
   * all of it, while this thread goes on applying; until then Ratis is told that there is none.
   */
  @Override
  public long takeSnapshot() {
    LogPosition finished = finishedSnapshot.getAndSet(null);
    if (finished != null) {
      LOG.info("took a snapshot: position={}", finished);
      return finished.index();
    }
    TermIndex replayed = getLastAppliedTermIndex();
    if (store.position().applied().index() > replayed.getIndex()) {
      // Ratis is still replaying what the store has: there is nothing new to keep
      return RaftLog.INVALID_LOG_INDEX;
    }
    try {
      begunSnapshot.set(snapshots.begin(store));
      return RaftLog.INVALID_LOG_INDEX;
    } catch (RuntimeException | Error e) {
      throw fault("raft: cannot take a snapshot", e);
    }
  }

  /** Writes out beforehand what a snapshot would make the applying thread wait for. */
  void prepareSnapshot() {
    try {
      store.flush();
    } catch (Fault e) {
      throw fault("raft: cannot take a snapshot", e);
    }
  }

  /**
   * Completes the snapshot that was begun. Any thread but the one that applies.
   *
   * @return whether there is one to hand over
   */
  boolean finishSnapshot() {
    LogPosition begun = begunSnapshot.get();
    if (begun == null) {
      return false;
    }
    try {
      snapshots.finish(begun);
    } catch (RuntimeException | Error e) {
      if (begun.equals(begunSnapshot.get())) {
        throw fault("raft: cannot take a snapshot", e);
      }
      LOG.info("a snapshot was dropped for one that was installed: position={}", begun);
      return false;
    }
    if (begunSnapshot.compareAndSet(begun, null)) {
      finishedSnapshot.set(begun);
      return true;
    }
    return false;
  }

  @Override
  public void pause() {
    getLifeCycle().transition(LifeCycle.State.PAUSING);
    getLifeCycle().transition(LifeCycle.State.PAUSED);
  }

  /** Continues from a snapshot that Ratis has just installed. */
  @Override
  public void reinitialize() {
    try {
      begunSnapshot.set(null);
      finishedSnapshot.set(null);
      snapshots.refresh();
      Path installed = snapshots.newest();
      if (installed == null) {
        throw new Fault("raft: told to continue from a snapshot, and there is none");
      }
      LOG.info("continuing from an installed snapshot: snapshot={}", installed);
      DurableFiles.syncTree(installed);
      restore(installed);
      resumeFromSnapshot();
      mark.set(store.position().applied().index());
      events.onReplaced(store.position());
      getLifeCycle().startAndTransition(() -> {});
    } catch (IOException | RuntimeException | Error e) {
      throw fault("raft: cannot continue from the installed snapshot", e);
    }
  }

  private void restore(Path snapshot) {
    store.replaceWith(() -> snapshots.restore(snapshot, store.folder()));
    applier = new Applier(store);
  }

  private void resumeFromSnapshot() {
    var latest = snapshots.getLatestSnapshot();
    setLastAppliedTermIndex(latest == null ? TermIndex.INITIAL_VALUE : latest.getTermIndex());
  }

  @Override
  public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto failedEntry) {
    onFault.accept(new Fault("raft: the log failed: " + Fault.reasonOf(cause), cause));
  }

  @Override
  public void notifyLeaderChanged(RaftGroupMemberId self, RaftPeerId newLeader) {
    noteLeader();
    LOG.info("leader changed: leader={}", newLeader);
  }

  private synchronized void noteLeader() {
    if (leaderSeen) {
      meters.leaders().increment();
    }
    leaderSeen = true;
  }

  private Fault fault(String what, Throwable cause) {
    Fault fault = cause instanceof Fault known
        ? known
        : new Fault(what + ": " + Fault.reasonOf(cause), cause);
    onFault.accept(fault);
    return fault;
  }
}
