package io.syncline.client.sync;

import io.syncline.client.sync.FollowView.State;
import io.syncline.model.Revision;
import io.syncline.proto.sync.v1.Head;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** How a copy stands, and what has happened to it: told to the listener. Used on one loop. */
final class Standing {
  private final Loop loop;
  private final Replica replica;
  private final Suspects suspects;
  private final Supplier<String> upstream;
  private final FollowListener listener;
  private final Counters counters = new Counters();
  private State state = State.WAITING;
  private Revision head = Revision.ZERO;
  private List<String> path = List.of();
  private long freshAtMs = Long.MIN_VALUE;
  private String lastError = "";
  private String lastCorruption = "";

  /**
   * @param upstream names what is followed just now
   */
  Standing(
      Loop loop,
      Replica replica,
      Suspects suspects,
      Supplier<String> upstream,
      FollowListener listener) {
    this.loop = loop;
    this.replica = replica;
    this.suspects = suspects;
    this.upstream = upstream;
    this.listener = listener;
  }

  FollowView view() {
    Optional<Duration> age = freshAtMs == Long.MIN_VALUE
        ? Optional.empty()
        : Optional.of(Duration.ofMillis(Math.max(0, loop.nowMs() - freshAtMs)));
    return new FollowView(
        state,
        upstream.get(),
        replica.cursor(),
        head,
        age,
        path,
        suspects.differing(),
        lastError,
        lastCorruption,
        counters.view());
  }

  void tell() {
    listener.onView(view());
  }

  void enter(State next) {
    state = next;
    tell();
  }

  /** Takes note of where the upstream stands, and of how old the copy is by that. */
  void noteHead(Head told) {
    Revision reached = new Revision(told.getRevision());
    path = List.copyOf(told.getPathList());
    head = Revision.max(head, reached);
    if (!reached.isAfter(replica.cursor())) {
      freshAtMs = Math.max(freshAtMs, loop.nowMs() - told.getAgeMs());
      lastError = suspects.differing().isEmpty() ? "" : lastError;
    }
  }

  /** The copy was brought forward, perhaps to the newest revision heard of. */
  void noteCursor() {
    if (!head.isAfter(replica.cursor())) {
      freshAtMs = Math.max(freshAtMs, loop.nowMs());
    }
  }

  void noteError(String error) {
    lastError = error;
  }

  /** Something arrived that does not match its checksum: it was not applied. */
  void noteCorrupt(Exception why) {
    counters.corrupt++;
    lastError = String.valueOf(why.getMessage());
    lastCorruption = lastError;
  }

  /** The newest revision heard of. */
  Revision head() {
    return head;
  }

  String lastError() {
    return lastError;
  }

  Counters counters() {
    return counters;
  }
}
