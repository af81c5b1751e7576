package io.syncline.conflict.merge;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Merges of texts, for tests. */
final class Merging {
  private Merging() {}

  static MergeResult merge(Format format, @Nullable String base, String ours, String theirs) {
    return merge(format, base, ours, theirs, MergeOptions.DEFAULT);
  }

  static MergeResult merge(
      Format format, @Nullable String base, String ours, String theirs, MergeOptions options) {
    var sides = new MergeSides(
        base == null ? null : ByteString.copyFromUtf8(base),
        ByteString.copyFromUtf8(ours),
        ByteString.copyFromUtf8(theirs));
    return ThreeWayMerge.merge(sides, format, options);
  }

  /** The merged text; a conflict fails the test. */
  static String merged(Format format, @Nullable String base, String ours, String theirs) {
    MergeResult result = merge(format, base, ours, theirs);
    assertThat(result).isInstanceOf(MergeResult.Merged.class);
    return text((MergeResult.Merged) result);
  }

  static String text(MergeResult.Merged merged) {
    ByteString content = merged.content();
    assertThat(content).isNotNull();
    return content == null ? "" : content.toStringUtf8();
  }

  static List<PathConflict> conflicts(
      Format format, @Nullable String base, String ours, String theirs) {
    MergeResult result = merge(format, base, ours, theirs);
    assertThat(result).isInstanceOf(MergeResult.Conflicted.class);
    return ((MergeResult.Conflicted) result).conflicts();
  }
}
