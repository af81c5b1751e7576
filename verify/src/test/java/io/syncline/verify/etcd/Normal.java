package io.syncline.verify.etcd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Message;
import io.syncline.proto.etcd.v3.RangeRequest;
import io.syncline.proto.etcd.v3.TxnRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Answers without what two stores cannot have in common: who they are, how large their files are, how
 * they hash, the order of what is not ordered. That such a field is there is still compared.
 */
final class Normal {
  private static final String ANY = "*";

  /** A lease that was granted a moment ago may have lost so many seconds. */
  private static final long TTL_TOLERANCE_SECONDS = 600;

  private static final Set<String> OF_HEADERS = Set.of("cluster_id", "member_id", "raft_term");
  private static final Map<Method, Set<String>> OF_METHODS = Map.of(
      Method.HASH_KV, Set.of("hash"),
      Method.STATUS,
          Set.of(
              "version",
              "dbSize",
              "dbSizeInUse",
              "leader",
              "raftIndex",
              "raftTerm",
              "raftAppliedIndex"),
      Method.MEMBERS, Set.of("members"),
      Method.AUTHENTICATE, Set.of("token"));

  private Normal() {}

  static Answer form(Answer answer) {
    return changed(answer, body -> {});
  }

  static Answer form(Method method, Message request, Answer answer) {
    return changed(answer, body -> {
      mask(body, OF_METHODS.getOrDefault(method, Set.of()));
      if (request instanceof RangeRequest range) {
        Ties.settle(range, body);
      } else if (request instanceof TxnRequest txn) {
        Ties.settle(txn, body);
      } else if (method.equals(Method.LEASES)) {
        sort(body, "leases");
      } else if (method.equals(Method.LEASE_TIME_TO_LIVE)) {
        sort(body, "keys");
        forgetElapsed(body);
      }
    });
  }

  private static Answer changed(Answer answer, Consumer<ObjectNode> change) {
    JsonNode body = answer.body().deepCopy();
    maskHeaders(body);
    if (body instanceof ObjectNode object) {
      change.accept(object);
    }
    return new Answer(answer.status(), body);
  }

  private static void maskHeaders(JsonNode node) {
    if (node.get("header") instanceof ObjectNode header) {
      mask(header, OF_HEADERS);
      if (node.path("created").asBoolean() || node.path("canceled").asBoolean()) {
        // Syncline says where the watch stands; etcd where the store does
        header.put("revision", ANY);
      }
    }
    if (node instanceof ObjectNode progress && isEmptyList(progress.get("events"))) {
      // so that clients of HTTP find a list in every line
      progress.remove("events");
    }
    node.forEach(Normal::maskHeaders);
  }

  private static boolean isEmptyList(@Nullable JsonNode node) {
    return node instanceof ArrayNode && node.isEmpty();
  }

  /** Leaves of these fields only that they are there. */
  static void mask(ObjectNode object, Set<String> fields) {
    for (String field : fields) {
      if (object.has(field)) {
        object.put(field, ANY);
      }
    }
  }

  private static void sort(ObjectNode object, String field) {
    if (object.get(field) instanceof ArrayNode array) {
      List<JsonNode> elements = new ArrayList<>();
      array.forEach(elements::add);
      elements.sort(Comparator.comparing(JsonNode::toString));
      array.removeAll().addAll(elements);
    }
  }

  private static void forgetElapsed(ObjectNode answer) {
    long granted = answer.path("grantedTTL").asLong();
    long elapsed = granted - answer.path("TTL").asLong();
    if (granted > 0 && elapsed >= 0 && elapsed <= TTL_TOLERANCE_SECONDS) {
      answer.put("TTL", "granted");
    }
  }
}
