package io.syncline.conflict.merge;

import static io.syncline.conflict.merge.Merging.conflicts;
import static io.syncline.conflict.merge.Merging.merged;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonMergeTest {
  @Test
  void membersThatBothSidesAddAtTheEndAreBothThere() {
    String base = "{\n  \"a\": 1\n}\n";

    assertThat(merged(
            Format.JSON,
            base,
            "{\n  \"a\": 1,\n  \"b\": 2\n}\n",
            "{\n  \"a\": 1,\n  \"c\": [\n    3\n  ]\n}\n"))
        .isEqualTo("{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": [\n    3\n  ]\n}\n");
  }

  @Test
  void membersOfOneLineAreMergedEachForItself() {
    assertThat(merged(
            Format.JSON,
            "{\"a\":1,\"b\":1,\"c\":1}",
            "{\"a\":2,\"b\":1}",
            "{\"a\":1,\"b\":2,\"c\":1}"))
        .isEqualTo("{\"a\":2,\"b\":2}");
    assertThat(merged(Format.JSON, "{\"a\":1,\"b\":1}", "{\"b\":1}", "{\"a\":1,\"b\":2}"))
        .isEqualTo("{\"b\":2}");
    assertThat(merged(Format.JSON, "{\"a\":{}}", "{\"a\":{},\"x\":1}", "{\"a\":{ \"y\": 2 }}"))
        .isEqualTo("{\"a\":{ \"y\": 2 },\"x\":1}");
  }

  @Test
  void numbersAreComparedAsTheyAreWritten() {
    assertThat(conflicts(Format.JSON, "{\"a\": 1}", "{\"a\": 1.0}", "{\"a\": 2}"))
        .extracting(PathConflict::path)
        .containsExactly("a");
    assertThat(merged(
            Format.JSON,
            "[{\"id\": 1, \"v\": 1}]",
            "[{\"id\": 1, \"v\": \"\\u0061\"}]",
            "[{\"id\": 1, \"v\": \"a\"}]"))
        .as("one text, escaped or not")
        .isEqualTo("[{\"id\": 1, \"v\": \"\\u0061\"}]");
  }

  @Test
  void bracketsAndQuotesWithinTextsAreNoStructure() {
    String base = "{\"a\": \"}]\\\",{\", \"b\": 1}";

    assertThat(merged(Format.JSON, base, base.replace("}]", "]}"), base.replace("1", "2")))
        .isEqualTo("{\"a\": \"]}\\\",{\", \"b\": 2}");
  }

  @Test
  void valuesAloneAreContents() {
    assertThat(conflicts(Format.JSON, "1", "2", "3"))
        .extracting(PathConflict::path)
        .containsExactly("$");
  }
}
