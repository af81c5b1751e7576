package io.syncline.verify.etcd;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Does the same to two stores, one operation at a time but at both at once, and compares. */
final class Duel implements AutoCloseable {
  /** So many operations before a difference are shown. */
  private static final int SHOWN = 25;

  private final Store left;
  private final Store right;
  private final Session leftSession;
  private final Session rightSession;
  private final Generator generator;
  private final String again;
  private final Justified justified = new Justified();
  private final ExecutorService other = Executors.newSingleThreadExecutor();
  private final Deque<String> recent = new ArrayDeque<>();
  private final Map<String, Integer> outcomes = new TreeMap<>();
  private final Map<String, String> differences = new LinkedHashMap<>();
  private final int mostDifferences;
  private int step;

  /**
   * @param mostDifferences so many of different kinds may be found before it gives up: what comes after
   *     the first may follow from it
   * @param again how a person has this run once more
   */
  Duel(Store left, Store right, Generator generator, int mostDifferences, String again) {
    this.mostDifferences = mostDifferences;
    this.left = left;
    this.right = right;
    this.generator = generator;
    this.again = again;
    leftSession = new Session(left);
    rightSession = new Session(right);
  }

  /** Fails if there are differences. */
  void run(int steps) {
    while (step < steps) {
      doAtBoth(generator.next());
    }
    doAtBoth(generator.last());
    if (!differences.isEmpty()) {
      throw new AssertionError(String.join("\n", differences.values()));
    }
  }

  private void doAtBoth(Operation operation) {
    step++;
    recent.addLast(step + ". " + operation);
    if (recent.size() > SHOWN) {
      recent.removeFirst();
    }
    Answer ofLeft;
    Answer ofRight;
    try {
      var running = CompletableFuture.supplyAsync(() -> operation.run(rightSession), other);
      ofLeft = operation.run(leftSession);
      ofRight = running.join();
    } catch (RuntimeException e) {
      throw new AssertionError("no answer to " + described(), e);
    }
    count(operation, ofLeft);
    compare(operation, ofLeft, ofRight);
    generator.learn(operation, ofLeft);
  }

  private void compare(Operation operation, Answer ofLeft, Answer ofRight) {
    var pair =
        justified.settle(operation, operation.comparable(ofLeft), operation.comparable(ofRight));
    Optional<Difference> found = Comparison.of(pair.left(), pair.right());
    if (found.isPresent()) {
      String kind = outcome(operation, ofLeft)
          + " / "
          + outcome(operation, ofRight)
          + " at "
          + found.get().path().replaceAll("[0-9]+", "n");
      differences.putIfAbsent(kind, described(operation, found.get(), ofLeft, ofRight));
      if (differences.size() >= mostDifferences) {
        throw new AssertionError(String.join("\n", differences.values()));
      }
    }
  }

  private String described(Operation operation, Difference found, Answer ofLeft, Answer ofRight) {
    return """
        %s and %s differ at %s
          %s: %s
          %s: %s
        of %s
        %s: %s
        %s: %s
        """.formatted(
            left.name(),
            right.name(),
            found.path(),
            left.name(),
            found.left(),
            right.name(),
            found.right(),
            differences.isEmpty() ? described() : "step " + step + ": " + operation,
            left.name(),
            ofLeft,
            right.name(),
            ofRight);
  }

  private String described() {
    return "step " + step + " of " + again + ", the last of these:\n" + String.join("\n", recent);
  }

  private void count(Operation operation, Answer answer) {
    outcomes.merge(outcome(operation, answer), 1, Integer::sum);
    for (JsonNode stream : answer.body().path("streams")) {
      for (JsonNode watch : stream) {
        outcomes.merge("(events of watches)", watch.path("events").size(), Integer::sum);
        outcomes.merge("(watches ended)", watch.has("end") ? 1 : 0, Integer::sum);
      }
    }
  }

  /** What was done and how it ended. */
  private static String outcome(Operation operation, Answer answer) {
    String what = operation instanceof Operation.Call call
        ? call.method().name() + (call.way().http() ? " over HTTP" : "")
        : operation.getClass().getSimpleName();
    if (answer.isOk() || answer.body().isArray()) {
      return what + ": ok";
    }
    String message = answer.body().path("message").asText();
    return what + ": " + answer.status() + (message.isEmpty() ? "" : ": " + message);
  }

  /** How often what was answered what; the same at both. It shows what a run has covered. */
  Map<String, Integer> outcomes() {
    return outcomes;
  }

  int steps() {
    return step;
  }

  Map<Justified.Reason, Integer> justified() {
    return justified.met();
  }

  @Override
  public void close() {
    other.shutdownNow();
    leftSession.close();
    rightSession.close();
  }
}
