package io.syncline.server.feed;

import io.syncline.model.ConfigVersion;
import io.syncline.model.Rejection;
import io.syncline.model.Revision;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes as many batches as it was given credit for, and keeps all. */
final class RecordingSink implements WatchSink {
  private final List<WatchBatch> batches = new ArrayList<>();
  private long credit;
  private int sentWithoutCredit;
  private long passed;
  private @Nullable Rejection ended;

  RecordingSink(long credit) {
    this.credit = credit;
  }

  static RecordingSink alwaysReady() {
    return new RecordingSink(Long.MAX_VALUE);
  }

  synchronized void grant(long batches) {
    credit = batches;
  }

  @Override
  public synchronized boolean isReady() {
    return credit > 0;
  }

  @Override
  public synchronized void send(WatchBatch batch) {
    if (ended != null) {
      throw new AssertionError("a batch after the end");
    }
    if (credit > 0) {
      credit--;
    } else {
      sentWithoutCredit++;
    }
    batches.add(batch);
  }

  @Override
  public synchronized void end(Rejection why) {
    if (ended != null) {
      throw new AssertionError("ended twice");
    }
    ended = why;
  }

  @Override
  public synchronized void passed(Revision upTo) {
    if (upTo.value() < passed) {
      throw new AssertionError("passed " + upTo + " after " + passed);
    }
    passed = upTo.value();
  }

  synchronized List<WatchBatch> batches() {
    return List.copyOf(batches);
  }

  synchronized int sentWithoutCredit() {
    return sentWithoutCredit;
  }

  synchronized @Nullable Rejection ended() {
    return ended;
  }

  long delivered() {
    List<WatchBatch> all = batches();
    return all.isEmpty() ? -1 : all.get(all.size() - 1).to().value();
  }

  /** Up to where everything was sent, or there was nothing to send. */
  synchronized long reached() {
    return Math.max(delivered(), passed);
  }

  List<ConfigVersion> versions() {
    return batches().stream()
        .flatMap(batch -> batch.events().stream())
        .map(WatchBatch.Event::version)
        .toList();
  }
}
