package io.syncline.conflict.merge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.ByteString;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Whatever bytes come in, a merge ends with a typed result, and what it calls merged is read back.
 *
 * <p>As a part of the build this runs over its seeds. To look for new ones, for as long as the
 * annotation says: {@code JAZZER_FUZZ=1 mvn -pl proto,conflict test -Dtest=MergeFuzzTest
 * -Dsurefire.failIfNoSpecifiedTests=false}.
 *
 * <p>An input is a letter for the format and three contents with a line {@code ====} between them.
 */
class MergeFuzzTest {
  private static final MergeOptions SMALL =
      MergeOptions.DEFAULT.withMaxSizeBytes(1 << 16).withMaxDepth(40).withMaxNodes(10_000);
  private static final Pattern BETWEEN = Pattern.compile("\n====\n");
  private static final int MOST_SIDES = 3;

  @FuzzTest(maxDuration = "2m")
  void anyBytesGiveATypedResult(byte[] data) throws Exception {
    if (data.length == 0) {
      return;
    }
    // Bytes as characters, one each: the contents need be no text.
    String input = new String(data, ISO_8859_1);
    Format format = switch (input.charAt(0)) {
      case 'j' -> Format.JSON;
      case 'y' -> Format.YAML;
      case 'p' -> Format.PROPERTIES;
      default -> Format.TEXT;
    };
    List<String> sides = List.of(BETWEEN.split(input.substring(1), MOST_SIDES));
    String base = sides.get(0);
    String ours = sides.get(sides.size() > 1 ? 1 : 0);
    String theirs = sides.get(sides.size() - 1);

    check(format, base, ours, theirs);
    check(format, base, theirs, ours);
  }

  private static void check(Format format, String base, String ours, String theirs)
      throws Exception {
    var sides = new MergeSides(bytes(base), bytes(ours), bytes(theirs));
    MergeResult result = ThreeWayMerge.merge(sides, format, SMALL);

    assertThat(result.toString()).isNotEmpty();
    if (result instanceof MergeResult.Merged merged
        && merged.content() != null
        && List.of(MergeMethod.STRUCTURE, MergeMethod.LINES_AND_STRUCTURE)
            .contains(merged.method())) {
      String text = Layout.decode(merged.content()).orElseThrow();
      assertThat(Document.read(format, Layout.of(text).plain(text), SMALL)).isNotNull();
    }
  }

  private static ByteString bytes(String characters) {
    return ByteString.copyFrom(characters, ISO_8859_1);
  }
}
