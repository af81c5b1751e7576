package io.syncline.conflict.merge;

import static io.syncline.conflict.merge.Merging.conflicts;
import static io.syncline.conflict.merge.Merging.merged;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PropertiesMergeTest {
  @Test
  void neighboursAreMergedWithTheirCommentsAndNotation() {
    String base = "! head\na = 1\nb:1\nc 1\n";

    assertThat(merged(
            Format.PROPERTIES,
            base,
            base.replace("a = 1", "a = 2"),
            base.replace("b:1", "b:\\\n  2")))
        .isEqualTo("! head\na = 2\nb:\\\n  2\nc 1\n");
  }

  @Test
  void oneKeyWrittenInTwoWaysIsOneKey() {
    assertThat(conflicts(Format.PROPERTIES, "a\\u0062 = 1\n", "ab=2\n", "a\\u0062 = 3\n"))
        .extracting(PathConflict::path)
        .containsExactly("ab");
  }

  @Test
  void whatIsReadIsWhatThePlatformReads() throws Exception {
    String alphabet = "ab =:\\\n\r\t\f#!u0061";
    for (long seed = 1; seed <= 3000; seed++) {
      var random = new Random(seed);
      var text = new StringBuilder();
      for (int i = random.nextInt(30); i > 0; i--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      assertThat(read(text.toString())).as("seed %s", seed).isEqualTo(expected(text.toString()));
    }
  }

  private static Object read(String text) throws BeyondBounds {
    try {
      return Tree.plain(Document.read(Format.PROPERTIES, text, MergeOptions.DEFAULT).root);
    } catch (MalformedContent e) {
      return "malformed";
    }
  }

  private static Object expected(String text) throws Exception {
    var seen = new TreeMap<String, Object>();
    boolean[] twice = {false};
    var properties = new Properties() {
      @Override
      public synchronized Object put(Object key, Object value) {
        twice[0] |= seen.put((String) key, value) != null;
        return seen;
      }
    };
    try {
      properties.load(new StringReader(text));
    } catch (IllegalArgumentException e) {
      return "malformed";
    }
    return twice[0] ? "malformed" : seen;
  }
}
