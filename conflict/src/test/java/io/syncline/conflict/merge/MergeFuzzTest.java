package io.syncline.conflict.merge;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.ByteString;

/**
 * Whatever bytes come in, a merge ends with a typed result, and what it calls merged is read back.
 *
 * <p>As a part of the build this runs over its seeds. To look for new ones, for as long as the
 * annotation says: {@code JAZZER_FUZZ=1 mvn -pl proto,conflict test -Dtest=MergeFuzzTest
 * -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class MergeFuzzTest {
  private static final MergeOptions SMALL =
      MergeOptions.DEFAULT.withMaxSizeBytes(1 << 16).withMaxDepth(40).withMaxNodes(10_000);

  @FuzzTest(maxDuration = "2m")
  void anyBytesGiveATypedResult(FuzzedDataProvider data) throws Exception {
    Format format = data.pickValue(Format.values());
    int each = data.remainingBytes() / 3;
    ByteString base = ByteString.copyFrom(data.consumeBytes(each));
    ByteString ours = ByteString.copyFrom(data.consumeBytes(each));
    ByteString theirs = ByteString.copyFrom(data.consumeRemainingAsBytes());

    check(new MergeSides(base, ours, theirs), format);
  }

  static void check(MergeSides sides, Format format) throws Exception {
    MergeResult result = ThreeWayMerge.merge(sides, format, SMALL);

    assertThat(result.toString()).isNotEmpty();
    if (result instanceof MergeResult.Merged merged
        && merged.content() != null
        && merged.method() != MergeMethod.ONE_SIDE
        && merged.format() != Format.TEXT) {
      String text = Layout.decode(merged.content()).orElseThrow();
      Layout layout = Layout.of(text);
      assertThat(Document.read(format, layout.plain(text), SMALL)).isNotNull();
    }
  }
}
