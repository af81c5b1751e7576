package io.syncline.verify.etcd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * What one stream of watches has received, taken apart: answers to what was asked, in their order, and
 * the events of each watch, however they were batched. Safe for several threads.
 */
abstract class WatchStream implements AutoCloseable {
  private static final long NO_WATCH = -1;

  private final Deque<JsonNode> controls = new ArrayDeque<>();
  private final Map<Long, WatchLog> watches = new TreeMap<>();
  private final Promises promises;
  private String broken = "";

  WatchStream(boolean strict) {
    promises = new Promises(strict);
  }

  /** Sends another request, if the stream takes more than the first ones. */
  abstract void send(Message request);

  @Override
  public abstract void close();

  final synchronized void onResponse(JsonNode response) {
    long id = response.path("watch_id").asLong();
    boolean created = response.path("created").asBoolean();
    boolean canceled = response.path("canceled").asBoolean();
    promises.hear(response, id, created);
    if (created || id == NO_WATCH) {
      controls.add(response);
    } else if (canceled && !response.has("compact_revision")) {
      controls.add(response);
    } else {
      watches.computeIfAbsent(id, unused -> new WatchLog()).hear(response, canceled);
    }
    notifyAll();
  }

  final synchronized void onEnd(String how) {
    broken = how;
    notifyAll();
  }

  /** The next answer to something that was asked. */
  final synchronized Answer awaitControl() {
    if (!await(() -> !controls.isEmpty())) {
      return Answer.inVain("an answer of the stream" + broken);
    }
    return new Answer("OK", controls.remove());
  }

  /**
   * Waits until these watches have ended or got an event at their revision or later, and takes what all
   * watches have got.
   */
  final synchronized Answer take(Map<Long, Long> awaited) {
    boolean delivered = await(() -> awaited.entrySet().stream()
        .allMatch(entry ->
            log(entry.getKey()).map(log -> log.reached(entry.getValue())).orElse(false)));
    ObjectNode all = Answer.object();
    watches.forEach((id, log) -> log.take().ifPresent(got -> all.set(id.toString(), got)));
    controls.forEach(unasked -> all.withArray("unasked").add(unasked));
    controls.clear();
    promises.broken().forEach(promise -> all.withArray("promises broken").add(promise));
    return delivered
        ? new Answer("OK" + broken, all)
        : Answer.inVain("events of watches " + awaited + ", got " + all + broken);
  }

  private Optional<WatchLog> log(long id) {
    return Optional.ofNullable(watches.get(id));
  }

  private boolean await(BooleanSupplier found) {
    long deadline = System.nanoTime() + Target.PATIENCE.toNanos();
    try {
      while (!found.getAsBoolean()) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0 || !broken.isEmpty()) {
          return false;
        }
        wait(left);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** What one watch has got since it was last asked. */
  private static final class WatchLog {
    private final List<JsonNode> events = new ArrayList<>();
    private Optional<JsonNode> end = Optional.empty();
    private boolean endTaken;
    private long last;

    void hear(JsonNode response, boolean canceled) {
      for (JsonNode event : response.path("events")) {
        events.add(event);
        last = event.path("kv").path("mod_revision").asLong();
      }
      if (canceled) {
        end = Optional.of(response);
      }
    }

    boolean reached(long revision) {
      return end.isPresent() || last >= revision;
    }

    Optional<JsonNode> take() {
      boolean ended = end.isPresent() && !endTaken;
      if (events.isEmpty() && !ended) {
        return Optional.empty();
      }
      ObjectNode taken = Answer.object();
      taken.putArray("events").addAll(events);
      events.clear();
      if (ended) {
        taken.set("end", end.get());
        endTaken = true;
      }
      return Optional.of(taken);
    }
  }

  /** Looks whether a header's revision ever runs ahead of events that come after it. */
  private static final class Promises {
    private final boolean strict;
    private final List<String> broken = new ArrayList<>();
    private final Map<Long, Long> promised = new HashMap<>();

    Promises(boolean strict) {
      this.strict = strict;
    }

    void hear(JsonNode response, long id, boolean created) {
      if (!strict) {
        return;
      }
      long header = response.path("header").path("revision").asLong();
      long before = created ? 0 : promised.getOrDefault(id, 0L);
      for (JsonNode event : response.path("events")) {
        long revision = event.path("kv").path("mod_revision").asLong();
        if (revision <= before || revision > header) {
          broken.add("watch " + id + ": an event of revision " + revision + " with header " + header
              + ", after " + before);
        }
      }
      if (created) {
        promised.put(id, 0L);
        return;
      }
      if (response.path("fragment").asBoolean()) {
        return;
      }
      if (id == NO_WATCH) {
        promised.replaceAll((watch, revision) -> Math.max(revision, header));
      } else {
        promised.merge(id, header, Math::max);
      }
    }

    List<String> broken() {
      List<String> taken = List.copyOf(broken);
      broken.clear();
      return taken;
    }
  }
}
