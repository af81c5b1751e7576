package io.syncline.verify.etcd;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What a store answered.
 *
 * @param status of gRPC with its message, or of HTTP with the type of the content
 * @param body the message as etcd's gateway writes it: defaults omitted, names as in the .proto, 64-bit
 *     numbers and bytes as text
 */
record Answer(String status, JsonNode body) {
  static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** So its status begins where something expected has not come: it equals no other answer. */
  private static final String IN_VAIN = "waited in vain: ";

  static Answer inVain(String what) {
    return new Answer(IN_VAIN + what, object());
  }

  /** The answers of an operation of several steps. */
  static Answer of(List<Answer> steps) {
    ArrayNode all = JSON.createArrayNode();
    for (Answer step : steps) {
      all.addObject().put("status", step.status).set("body", step.body);
    }
    return new Answer("steps", all);
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  boolean isInVain() {
    return status.startsWith(IN_VAIN);
  }

  boolean isOk() {
    return status.startsWith("OK") || status.startsWith("200");
  }

  /** The revision in its header; 0 without one. */
  long revision() {
    return body.path("header").path("revision").asLong();
  }
}
