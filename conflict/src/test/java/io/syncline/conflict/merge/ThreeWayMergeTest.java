package io.syncline.conflict.merge;

import static io.syncline.conflict.merge.Merging.conflicts;
import static io.syncline.conflict.merge.Merging.merge;
import static io.syncline.conflict.merge.Merging.merged;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.ByteString;
import io.syncline.conflict.merge.PathConflict.Cause;
import org.junit.jupiter.api.Test;

/** The rules that hold for all formats. */
class ThreeWayMergeTest {
  @Test
  void aSideThatChangedNothingHasNoSay() {
    assertThat(merged(Format.YAML, "{", "{", "b: [")).isEqualTo("b: [");
    assertThat(merged(Format.YAML, "{", "b: [", "{")).isEqualTo("b: [");
    assertThat(merged(Format.YAML, "{", "b: [", "b: [")).isEqualTo("b: [");
  }

  @Test
  void aDeletionOfWhatTheOtherSideLeftAloneIsADeletion() {
    ByteString base = ByteString.copyFromUtf8("a");

    for (var sides : new MergeSides[] {
      new MergeSides(base, null, base), new MergeSides(base, base, null),
      new MergeSides(base, null, null), new MergeSides(null, null, null)
    }) {
      var result =
          (MergeResult.Merged) ThreeWayMerge.merge(sides, Format.TEXT, MergeOptions.DEFAULT);
      assertThat(result.content()).as("%s", sides).isNull();
    }
  }

  @Test
  void aDeletionOfWhatTheOtherSideChangedIsAConflict() {
    ByteString base = ByteString.copyFromUtf8("a: 1");
    ByteString changed = ByteString.copyFromUtf8("a: 2");

    var result = (MergeResult.Conflicted)
        ThreeWayMerge.merge(new MergeSides(base, null, changed), Format.YAML, MergeOptions.DEFAULT);

    assertThat(result.conflicts())
        .containsExactly(new PathConflict(
            "$",
            Cause.CHANGED_AND_DELETED,
            "ours deleted the key and theirs changed it",
            "a: 1",
            null,
            "a: 2"));
  }

  @Test
  void withoutABaseMapsAreUnitedAndOtherDifferencesAreConflicts() {
    assertThat(merged(Format.YAML, null, "a: 1\nb: 2\n", "b: 2\nc: 3\n"))
        .isEqualTo("a: 1\nb: 2\nc: 3\n");
    assertThat(merged(Format.JSON, null, "{\"a\": 1}", "{\"b\": 2}"))
        .isEqualTo("{\"a\": 1, \"b\": 2}");
    assertThat(conflicts(Format.YAML, null, "a: 1\n", "a: 2\n"))
        .singleElement()
        .satisfies(conflict -> {
          assertThat(conflict.path()).isEqualTo("a");
          assertThat(conflict.cause()).isEqualTo(Cause.BOTH_ADDED);
        });
    assertThat(conflicts(Format.TEXT, null, "a", "b"))
        .extracting(PathConflict::cause)
        .containsExactly(Cause.BOTH_ADDED);
  }

  @Test
  void lineEndsAndByteOrderMarksAreMergedApartFromTheLines() {
    assertThat(merged(Format.TEXT, "a\nb\nc\n", "a\r\nb\r\nc\r\n", "a\nb\nd\n"))
        .isEqualTo("a\r\nb\r\nd\r\n");
    assertThat(merged(Format.YAML, "a: 1\r\nb: 1\r\n", "a: 2\r\nb: 1\r\n", "a: 1\r\nb: 2\r\n"))
        .isEqualTo("a: 2\r\nb: 2\r\n");
    assertThat(merged(Format.JSON, "{\"a\": 1}", "\uFEFF{\"a\": 1}", "{\"a\": 2}"))
        .isEqualTo("\uFEFF{\"a\": 2}");
    assertThat(merged(Format.TEXT, "a\r\nb\nc\nd\n", "x\r\nb\nc\nd\n", "a\r\nb\nc\nz\n"))
        .as("mixed line ends stay with their lines")
        .isEqualTo("x\r\nb\nc\nz\n");
  }

  @Test
  void aMissingNewlineAtTheEndStaysMissing() {
    assertThat(merged(Format.YAML, "a: 1\nb: 1", "a: 2\nb: 1", "a: 1\nb: 2"))
        .isEqualTo("a: 2\nb: 2");
    assertThat(merged(Format.YAML, "a: 1", "a: 1\nb: 1", "a: 1\nc: 1"))
        .isEqualTo("a: 1\nb: 1\nc: 1");
    assertThat(merged(Format.PROPERTIES, "a=1", "a=2", "a=1\nb=1")).isEqualTo("a=2\nb=1");
  }

  @Test
  void textIsMergedByLineAndCollisionsAreNamedByTheirLines() {
    assertThat(merged(Format.TEXT, "a\nb\nc\n", "x\nb\nc\n", "a\nb\ny\n")).isEqualTo("x\nb\ny\n");
    assertThat(conflicts(Format.TEXT, "a\nb\nc\nd\n", "a\nx\ny\nd\n", "a\nz\nc\nd\n"))
        .containsExactly(new PathConflict(
            "lines 2-3",
            Cause.BOTH_CHANGED,
            "the sides differ: base lines 2-3, ours lines 2-3, theirs lines 2-3",
            "b\nc\n",
            "x\ny\n",
            "z\nc\n"));
  }

  @Test
  void whatCannotBeReadInItsFormatIsMergedByLineAndTheResultSaysSo() {
    String chart = "a: {{ .Values.a }}\nb: 1\nc: {{ .Values.c }}\n";

    var result = (MergeResult.Merged)
        merge(Format.YAML, chart, chart.replace(".a", ".x"), chart.replace(".c", ".y"));

    assertThat(result.format()).isEqualTo(Format.TEXT);
    assertThat(result.method()).isEqualTo(MergeMethod.LINES);
    assertThat(result.note()).startsWith("merged by line: base cannot be read as yaml, ");
    assertThat(Merging.text(result)).isEqualTo("a: {{ .Values.x }}\nb: 1\nc: {{ .Values.y }}\n");
  }

  @Test
  void aKeyThatStandsTwiceHasNoCertainMeaning() {
    for (Format format : new Format[] {Format.JSON, Format.YAML}) {
      var result = (MergeResult.Conflicted)
          merge(format, "{\"a\": 1}", "{\"a\": 1, \"a\": 2}", "{\"a\": 3}");
      assertThat(result.note()).contains("ours cannot be read", "a key stands twice");
      assertThat(result.format()).isEqualTo(Format.TEXT);
    }
  }

  @Test
  void whatIsNoTextIsAConflictAsAWhole() {
    ByteString binary = ByteString.copyFrom(new byte[] {(byte) 0xff, 1});
    var sides = new MergeSides(ByteString.copyFromUtf8("a"), ByteString.copyFromUtf8("b"), binary);

    var result =
        (MergeResult.Conflicted) ThreeWayMerge.merge(sides, Format.JSON, MergeOptions.DEFAULT);

    assertThat(result.conflicts())
        .containsExactly(new PathConflict(
            "$",
            Cause.BOTH_CHANGED,
            "a content is no UTF-8 text",
            "a",
            "b",
            "(2 bytes, no UTF-8 text)"));
  }

  @Test
  void bothSidesAddingOneKeyInTwoPlacesIsAConflictThoughLinesDoNotCollide() {
    String base = "a: 1\nb: 1\nc: 1\n";

    assertThat(conflicts(Format.YAML, base, "x: 1\n" + base, base + "x: 2\n"))
        .extracting(PathConflict::path)
        .containsExactly("x");
    assertThat(merged(Format.YAML, base, "x: 1\n" + base, base + "x: 1\n"))
        .as("the same value, twice by line")
        .isEqualTo("x: 1\n" + base);
  }

  @Test
  void aMergeByLineThatMeansSomethingElseIsAConflict() {
    String base = "a:\n  b: 1\n  # the end of a\nc: 2\n";
    String ours = "a:\n  b: 1\nk:\n  # the end of a\nc: 2\n";
    String theirs = "a:\n  b: 1\n  # the end of a\n  f: 9\nc: 2\n";

    assertThat(conflicts(Format.YAML, base, ours, theirs))
        .extracting(PathConflict::path, PathConflict::cause)
        .containsExactly(tuple("a.f", Cause.READINGS_DIFFER), tuple("k", Cause.READINGS_DIFFER));
  }

  @Test
  void aTextThatCannotSayTheMergeForCertainIsNeverGiven() {
    assertThat(conflicts(Format.PROPERTIES, "a=1\\", "a=2\\", "a=1\nb=1\n"))
        .as("a line that goes on swallows what is written after it")
        .extracting(PathConflict::cause)
        .containsExactly(Cause.NOT_WRITABLE);
  }

  @Test
  void excerptsAreShortAndTextsOfResultsShowNoContent() {
    String secret = "secret".repeat(100);

    PathConflict conflict = conflicts(
            Format.YAML, "a: 1\n", "a: " + secret + "\n", "a: " + secret + "2\n")
        .get(0);

    assertThat(conflict.ours()).hasSize(PathConflict.MAX_EXCERPT_CHARS).endsWith("…");
    assertThat(conflict.toString()).isEqualTo("a: BOTH_CHANGED");
    assertThat(merge(Format.TEXT, "a", "a", secret).toString()).doesNotContain("secret");
    assertThat(new MergeSides(ByteString.copyFromUtf8(secret), null, null).toString())
        .isEqualTo("base 600 bytes, ours absent, theirs absent");
  }
}
