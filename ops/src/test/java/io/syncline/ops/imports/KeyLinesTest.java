package io.syncline.ops.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.syncline.model.Checksum;
import io.syncline.ops.imports.KeyLines.Action;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Importing again changes nothing: which lines of a key are written, given its history. */
final class KeyLinesTest {
  private static final Instant CREATED_AT = Instant.parse("2026-01-31T12:00:00Z");

  private static final Mark A1 = put("A", 1);
  private static final Mark B2 = put("B", 2);
  private static final Mark A3 = put("A", 3);
  private static final Mark GONE4 = delete(4);
  private static final Mark C5 = put("C", 5);

  private static Mark put(String content, long second) {
    return new Mark(
        false,
        Checksum.of(ByteString.copyFromUtf8(content)),
        Instant.ofEpochSecond(second),
        "change " + second);
  }

  private static Mark delete(long second) {
    return new Mark(true, Checksum.OF_NOTHING, Instant.ofEpochSecond(second), "change " + second);
  }

  /** What somebody wrote by hand. */
  private static Mark byHand(String content) {
    return new Mark(false, Checksum.of(ByteString.copyFromUtf8(content)), null, "");
  }

  private static KeyLines linesOf(List<Mark> marks) {
    var lines = new KeyLines();
    marks.forEach(lines::add);
    return lines;
  }

  private static List<PastVersion> history(Mark... marks) {
    return Arrays.stream(marks).map(mark -> new PastVersion(mark, CREATED_AT)).toList();
  }

  private static List<Action> actions(List<Mark> marks, boolean truncated, Mark... history) {
    KeyLines lines = linesOf(marks);
    lines.compare(history(history), truncated);
    return marks.stream().map(lines::next).toList();
  }

  private static List<Action> actions(List<Mark> marks, Mark... history) {
    return actions(marks, false, history);
  }

  private static final Action WRITE = Action.WRITE;
  private static final Action DONE = Action.ALREADY_IMPORTED;
  private static final Action SAME = Action.UNCHANGED;
  private static final Action NOTHING = Action.DELETE_OF_NOTHING;

  @Test
  void ofAKeyNobodyWroteAllLinesAreWritten() {
    assertThat(actions(List.of(A1, B2, A3, GONE4, C5)))
        .containsExactly(WRITE, WRITE, WRITE, WRITE, WRITE);
  }

  @Test
  void importedLinesAreNotWrittenAgain() {
    assertThat(actions(List.of(A1, B2, A3, GONE4), A1, B2, A3, GONE4))
        .containsExactly(DONE, DONE, DONE, DONE);
  }

  @Test
  void anImportThatWasKilledGoesOnWhereItEnded() {
    assertThat(actions(List.of(A1, B2, A3, GONE4), A1, B2))
        .containsExactly(DONE, DONE, WRITE, WRITE);
  }

  @Test
  void whatOthersWroteInBetweenIsLeftAlone() {
    assertThat(actions(List.of(A1, B2), A1, B2, byHand("X"))).containsExactly(DONE, DONE);
    assertThat(actions(List.of(A1, B2, A3), A1, byHand("X"), B2, byHand("Y")))
        .containsExactly(DONE, DONE, WRITE);
  }

  @Test
  void aRollbackToAnImportedContentIsNoLineOfTheImport() {
    assertThat(actions(List.of(A1, B2, A3), A1, B2, byHand("A")))
        .as("the head has the content already")
        .containsExactly(DONE, DONE, SAME);
  }

  @Test
  void aLineEqualToTheOneBeforeIsNeverSent() {
    Mark sameAsA1 = put("A", 9);

    assertThat(actions(List.of(A1, sameAsA1, B2))).containsExactly(WRITE, SAME, WRITE);
    assertThat(actions(List.of(A1, sameAsA1), A1, byHand("X")))
        .as("also if somebody wrote after the import")
        .containsExactly(DONE, SAME);
  }

  @Test
  void aLineEqualToTheHeadMakesNoVersion() {
    assertThat(actions(List.of(A1, B2), byHand("A"))).containsExactly(SAME, WRITE);
  }

  @Test
  void deletesOfNothingAreNotSent() {
    assertThat(actions(List.of(GONE4, A1, GONE4, delete(9))))
        .containsExactly(NOTHING, WRITE, WRITE, NOTHING);
    assertThat(actions(List.of(GONE4), A1, delete(2))).containsExactly(NOTHING);
  }

  @Test
  void aLineThatComesTwiceIsFoundInOrder() {
    assertThat(actions(List.of(A1, B2, A1, C5), A1))
        .as("of two equal lines only the first was written")
        .containsExactly(DONE, WRITE, WRITE, WRITE);
    assertThat(actions(List.of(A1, B2, A1, C5), A1, B2, A1))
        .containsExactly(DONE, DONE, DONE, WRITE);
  }

  @Test
  void whatWasCompactedAwayCountsAsImported() {
    assertThat(actions(List.of(A1, B2, A1, C5), true, A1)).containsExactly(DONE, DONE, DONE, WRITE);
  }

  @Test
  void aVersionThatWasNotImportedIsKnownByItsCreationAsAnExportHasIt() {
    Mark exported = new Mark(false, byHand("X").checksum(), CREATED_AT, "");

    assertThat(actions(List.of(exported), byHand("X"), byHand("Y"))).containsExactly(DONE);
  }

  @Test
  void aDeleteThatFoundNothingIsTakenForDoneIfTheImportWasHereBefore() {
    KeyLines lines = linesOf(List.of(GONE4));
    lines.compare(history(byHand("X")), false);

    assertThat(lines.beginsWithUncertainDelete()).isTrue();
    lines.skipFirst();
    assertThat(lines.next(GONE4)).isEqualTo(DONE);
  }

  @Test
  void aFileThatChangesWhileItIsImportedIsNoticed() {
    KeyLines lines = linesOf(List.of(A1));

    assertThatThrownBy(() -> lines.next(B2)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void timeAndReasonTellVersionsOfEqualContentApart() {
    assertThat(linesAreTheSame(A1, A3)).isFalse();
    assertThat(linesAreTheSame(A1, put("A", 1))).isTrue();
    assertThat(linesAreTheSame(A1, null)).isFalse();
  }

  private static boolean linesAreTheSame(Mark a, @Nullable Mark b) {
    return a.equals(b);
  }
}
