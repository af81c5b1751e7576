package io.syncline.ops.top;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;

/** How fast revisions come, from one look at the cluster to the next; the newest few are kept. */
public final class Rates {
  private final int kept;
  private final Deque<Double> perSecond = new ArrayDeque<>();
  private OptionalLong lastRevision = OptionalLong.empty();
  private Instant lastAt = Instant.MIN;

  public Rates(int kept) {
    this.kept = kept;
  }

  /** A look without a leader adds nothing, and the next one counts from the last that had one. */
  public void add(Instant at, OptionalLong revision) {
    if (revision.isEmpty()) {
      return;
    }
    if (lastRevision.isPresent() && at.isAfter(lastAt)) {
      double seconds = (double) Duration.between(lastAt, at).toNanos() / 1e9;
      long revisions = Math.max(0, revision.getAsLong() - lastRevision.getAsLong());
      perSecond.addLast((double) revisions / seconds);
      if (perSecond.size() > kept) {
        perSecond.removeFirst();
      }
    }
    lastRevision = revision;
    lastAt = at;
  }

  /** Oldest first. */
  public List<Double> perSecond() {
    return List.copyOf(perSecond);
  }
}
