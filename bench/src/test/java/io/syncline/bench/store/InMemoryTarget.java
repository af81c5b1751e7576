package io.syncline.bench.store;

import com.google.protobuf.ByteString;
import io.syncline.bench.load.Completion;
import io.syncline.bench.load.VirtualClock;
import io.syncline.model.Key;
import io.syncline.model.KeyRange;
import io.syncline.model.Revision;
import io.syncline.model.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A store in memory that answers after a virtual latency; each operation takes effect halfway. */
final class InMemoryTarget implements Target {
  private final VirtualClock clock;
  private final Duration halfLatency;
  private final Map<Key, Stored> stored = new HashMap<>();
  private final List<WriteListener> listeners = new ArrayList<>();
  private Revision revision = Revision.ZERO;
  private int answersToDrop;

  InMemoryTarget(VirtualClock clock, Duration latency) {
    this.clock = clock;
    halfLatency = latency.dividedBy(2);
  }

  /** The next writes are carried out, but their answers get lost. */
  void dropAnswers(int count) {
    answersToDrop = count;
  }

  Stored at(Key key) {
    return stored.getOrDefault(key, Stored.NOTHING);
  }

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public void put(Key key, ByteString content, Completion<? super Revision> completion) {
    later(() -> {
      Revision written = write(key, content);
      answer(completion, written);
    });
  }

  @Override
  public void get(Key key, Completion<? super Stored> completion) {
    later(() -> {
      Stored found = at(key);
      later(() -> completion.succeeded(found));
    });
  }

  @Override
  public void compareAndSet(
      Key key, Version expected, ByteString content, Completion<? super Boolean> completion) {
    later(() -> {
      boolean same = at(key).version().equals(expected);
      if (same) {
        write(key, content);
      }
      answer(completion, same);
    });
  }

  private <T> void answer(Completion<? super T> completion, T result) {
    if (answersToDrop > 0) {
      answersToDrop--;
      later(() -> completion.failed(new IllegalStateException("answer lost")));
    } else {
      later(() -> completion.succeeded(result));
    }
  }

  private Revision write(Key key, ByteString content) {
    stored.put(key, new Stored(content, at(key).version().next()));
    Revision written = revision.next();
    revision = written;
    listeners.forEach(listener -> listener.written(key, content, written));
    return written;
  }

  private void later(Runnable action) {
    clock.after(halfLatency, action);
  }

  @Override
  public CompletableFuture<AutoCloseable> watch(KeyRange range, WriteListener listener) {
    listeners.add(listener);
    return CompletableFuture.completedFuture(() -> listeners.remove(listener));
  }

  @Override
  public void close() {
    listeners.clear();
  }
}
