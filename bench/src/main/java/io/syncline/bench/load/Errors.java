package io.syncline.bench.load;

import io.syncline.model.Futures;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** Counts failures by kind; thread-safe. */
final class Errors {
  /** More kinds than this are counted together: a message may hold something that never repeats. */
  private static final int MAX_KINDS = 32;

  private static final int MAX_MESSAGE_LENGTH = 160;
  private static final String OTHER = "other";

  private final ConcurrentHashMap<String, LongAdder> counts = new ConcurrentHashMap<>();

  void count(Throwable cause) {
    count(describe(cause), 1);
  }

  void count(String kind, long times) {
    boolean known = counts.containsKey(kind) || counts.size() < MAX_KINDS;
    counts.computeIfAbsent(known ? kind : OTHER, k -> new LongAdder()).add(times);
  }

  long total() {
    return counts.values().stream().mapToLong(LongAdder::sum).sum();
  }

  Map<String, Long> byKind() {
    return counts.entrySet().stream()
        .collect(
            Collectors.toUnmodifiableMap(Map.Entry::getKey, e -> e.getValue().sum()));
  }

  private static String describe(Throwable thrown) {
    Throwable cause = Futures.causeOf(thrown);
    String text = cause.getClass().getSimpleName() + ": " + cause.getMessage();
    return text.length() <= MAX_MESSAGE_LENGTH ? text : text.substring(0, MAX_MESSAGE_LENGTH) + "…";
  }
}
