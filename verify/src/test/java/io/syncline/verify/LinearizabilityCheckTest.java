package io.syncline.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.verify.ChangeLog.Change;
import io.syncline.verify.Operation.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinearizabilityCheckTest {
  private static final List<Change> LOG = List.of(
      new Change(1, "a", 1, "one"), new Change(2, "b", 1, "two"), new Change(3, "a", 2, "three"));

  @Test
  void acceptsWhatOverlapsInAnyOrder() {
    assertThat(LinearizabilityCheck.violations(
            LOG,
            List.of(
                write("a", "one", 1, 0, 10),
                write("b", "two", 2, 5, 40),
                write("a", "three", 3, 20, 40),
                read("a", "one", 2, 30, 50),
                read("a", "three", 3, 30, 45))))
        .isEmpty();
  }

  @Test
  void findsAReadOlderThanAWriteAcknowledgedBeforeItBegan() {
    assertThat(violationsWith(read("a", "one", 2, 41, 50)))
        .singleElement()
        .asString()
        .startsWith("too old");
  }

  @Test
  void findsAReadOlderThanAReadThatEndedBeforeItBegan() {
    assertThat(violationsWith(read("a", "three", 3, 31, 32), read("b", "two", 2, 33, 34)))
        .singleElement()
        .asString()
        .startsWith("too old");
  }

  @Test
  void findsAReadOfAWriteThatHadNotBegun() {
    assertThat(violationsWith(read("a", "three", 3, 11, 12)))
        .anySatisfy(violation -> assertThat(violation).startsWith("too old"));
  }

  @Test
  void findsAReadOfAnotherValueThanThatOfItsRevision() {
    assertThat(violationsWith(read("a", "one", 3, 30, 50)))
        .singleElement()
        .asString()
        .startsWith("not what the log has");
  }

  @Test
  void findsALostWrite() {
    assertThat(violationsWith(write("b", "four", 4, 60, 70)))
        .singleElement()
        .asString()
        .startsWith("lost");
  }

  @Test
  void findsAChangeThatNobodyWrote() {
    assertThat(LinearizabilityCheck.violations(LOG, List.of(write("a", "one", 1, 0, 10))))
        .hasSize(2)
        .allSatisfy(violation -> assertThat(violation).startsWith("nobody's write"));
  }

  @Test
  void letsAWriteOfUnknownOutcomeBeCommittedOrNot() {
    assertThat(violationsWith(Operation.unanswered("w", "a", "never committed", 0)))
        .isEmpty();
    assertThat(LinearizabilityCheck.violations(
            LOG.subList(0, 1), List.of(Operation.unanswered("w", "a", "one", 0))))
        .isEmpty();
  }

  private static List<String> violationsWith(Operation... further) {
    var operations = new ArrayList<>(List.of(
        write("a", "one", 1, 0, 10), write("b", "two", 2, 5, 40), write("a", "three", 3, 20, 40)));
    operations.addAll(List.of(further));
    return LinearizabilityCheck.violations(LOG, operations);
  }

  private static Operation read(String key, String content, long revision, long began, long ended) {
    return new Operation(Kind.READ, "r", key, content, revision, began, ended);
  }

  private static Operation write(
      String key, String content, long revision, long began, long ended) {
    return new Operation(Kind.WRITE, "w", key, content, revision, began, ended);
  }
}
