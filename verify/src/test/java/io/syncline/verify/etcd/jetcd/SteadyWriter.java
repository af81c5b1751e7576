package io.syncline.verify.etcd.jetcd;

import static io.syncline.verify.etcd.jetcd.Calls.bytes;

import io.etcd.jetcd.Client;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.PutOption;
import io.syncline.verify.etcd.cluster.Cluster;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Creates one key after the other in a thread of its own; each once, however often it must try. */
final class SteadyWriter implements AutoCloseable {
  private static final long ANSWER_SECONDS = 5;

  private final Client client;
  private final String prefix;
  private final AtomicInteger written = new AtomicInteger();
  private final Thread thread = new Thread(this::write, "writer");

  private volatile boolean stopped;

  SteadyWriter(Cluster cluster, String prefix) {
    this.client = cluster.client();
    this.prefix = prefix;
    thread.start();
  }

  private void write() {
    while (!stopped) {
      if (create(written.get())) {
        written.incrementAndGet();
      }
    }
  }

  /** Whether the key is there now, by this attempt or one before. */
  private boolean create(int number) {
    var key = bytes(prefix + number);
    var absent = new Cmp(key, Cmp.Op.EQUAL, CmpTarget.version(0));
    try {
      var unused = client
          .getKVClient()
          .txn()
          .If(absent)
          .Then(Op.put(key, bytes("value " + number), PutOption.DEFAULT))
          .commit()
          .get(ANSWER_SECONDS, TimeUnit.SECONDS);
      return true;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopped = true;
      return false;
    }
  }

  /** Waits until so many more are written. */
  void awaitMore(int count) {
    int before = written.get();
    Calls.await("writes", () -> written.get() >= before + count);
  }

  /** Ends after the write under way. */
  void stop() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    stop();
    client.close();
  }
}
