package io.syncline.verify.etcd;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;

/**
 * Where two answers differ first.
 *
 * @param path to the field, {@code status} for that
 */
record Difference(String path, String left, String right) {
  private static final Set<String> BYTES = Set.of("key", "value", "range_end", "keys");

  /** With bytes shown as text too: JSON has them in base64. */
  static Difference at(String path, String field, JsonNode left, JsonNode right) {
    return new Difference(path, shown(field, left), shown(field, right));
  }

  private static String shown(String field, JsonNode value) {
    if (value.isMissingNode()) {
      return "nothing";
    }
    if (!value.isTextual() || !BYTES.contains(field)) {
      return value.toString();
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(value.asText());
      return value + " (" + new String(bytes, StandardCharsets.ISO_8859_1) + ")";
    } catch (IllegalArgumentException e) {
      return value + " (not base64)";
    }
  }
}
