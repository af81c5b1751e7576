package io.syncline.conflict.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.model.Key;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormatTest {
  @ParameterizedTest
  @CsvSource({
    "application/json, a.yaml, JSON",
    "application/vnd.api+json; charset=utf-8, a, JSON",
    "TEXT/YAML, a, YAML",
    "application/yaml, a, YAML",
    "text/x-java-properties, a, PROPERTIES",
    "text/x-toml, a.json, TEXT",
    "text/plain, a.json, JSON",
    "application/octet-stream, a.yml, YAML",
    "'', config/A.YAML, YAML",
    "'', app.properties, PROPERTIES",
    "'', json, TEXT",
    "'', a.json.bak, TEXT"
  })
  void theContentTypeDecidesElseTheExtension(String contentType, String key, Format format) {
    assertThat(Format.of(contentType, Key.of(key))).isEqualTo(format);
  }

  @Test
  void formatsAreReadAndWrittenAlike() {
    for (Format format : Format.values()) {
      assertThat(Format.parse(format.toString())).isEqualTo(format);
    }
    assertThatThrownBy(() -> Format.parse("xml"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: json, yaml, properties or text");
  }
}
