package io.syncline.ops.imports;

import io.syncline.client.SynclineClient;
import io.syncline.client.WriteResult;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection.Reason;
import io.syncline.ops.FailedException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Keeps many writes in flight, but of one key only one, so that each key's order is the import's.
 * After a failure nothing more is begun. Fed by one thread.
 */
final class WritePipeline {
  static final int MAX_WRITES = 256;
  private static final int MAX_BYTES = 64 << 20;

  private final SynclineClient client;
  private final NamespaceName namespace;
  private final ImportCounts counts;
  private final Semaphore writes = new Semaphore(MAX_WRITES);
  private final Semaphore bytes = new Semaphore(MAX_BYTES);
  private final Map<Key, CompletableFuture<Void>> lastOfKey = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable FailedLine> failed = new AtomicReference<>();

  private record FailedLine(ImportLine line, Throwable failure) {}

  WritePipeline(SynclineClient client, NamespaceName namespace, ImportCounts counts) {
    this.client = client;
    this.namespace = namespace;
    this.counts = counts;
  }

  /** Waits for room. Writes the line once those of its key before it are written. */
  void write(ImportLine line) throws InterruptedException {
    int size = line.content().size();
    writes.acquire();
    bytes.acquire(size);
    throwIfFailed();
    CompletableFuture<Void> before = lastOfKey.get(line.key());
    CompletableFuture<WriteResult> written =
        before == null ? send(line) : before.thenCompose(done -> send(line));
    CompletableFuture<Void> settled =
        written.handle((result, failure) -> settle(line, result, failure));
    lastOfKey.put(line.key(), settled);
    var unused = settled.whenComplete((done, failure) -> {
      lastOfKey.remove(line.key(), settled);
      bytes.release(size);
      writes.release();
    });
  }

  private CompletableFuture<WriteResult> send(ImportLine line) {
    return failed.get() == null
        ? client.async().write(line.command(namespace), line.reason())
        : CompletableFuture.failedFuture(new IllegalStateException("an earlier line failed"));
  }

  private @Nullable Void settle(
      ImportLine line, @Nullable WriteResult result, @Nullable Throwable thrown) {
    if (result != null) {
      (result.changed() ? counts.versions : counts.unchanged).increment();
      counts.bytes.add(result.changed() ? line.content().size() : 0);
      return null;
    }
    Throwable failure = Causes.unwrap(thrown);
    if (line.delete()
        && failure instanceof RejectedException rejected
        && rejected.rejection().reason() == Reason.KEY_NOT_FOUND) {
      counts.deletesOfNothing.increment();
      return null;
    }
    failed.compareAndSet(null, new FailedLine(line, failure));
    throw new CompletionException(failure);
  }

  /**
   * Waits for all writes.
   *
   * @throws FailedException if one failed
   */
  void finish() throws InterruptedException {
    writes.acquire(MAX_WRITES);
    writes.release(MAX_WRITES);
    throwIfFailed();
  }

  private void throwIfFailed() throws InterruptedException {
    FailedLine first = failed.get();
    if (first == null) {
      return;
    }
    // A permit may be held by the caller: what is in flight has ended when the others are back.
    writes.acquire(MAX_WRITES - 1);
    throw new FailedException(
        first.line().where() + ", key \"" + first.line().key() + "\"",
        first.failure(),
        counts.versions.sum() + " versions were made before; importing again goes on from there");
  }
}
