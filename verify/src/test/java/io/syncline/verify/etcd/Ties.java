package io.syncline.verify.etcd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncline.proto.etcd.v3.RangeRequest;
import io.syncline.proto.etcd.v3.RequestOp;
import io.syncline.proto.etcd.v3.TxnRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Brings pairs that are equal by what a range is sorted by into one order: etcd leaves theirs open. If
 * a limit cuts such a group, only how many of it are left counts.
 */
final class Ties {
  private Ties() {}

  /** In the answers to all ranges of the branch that was taken, also of nested transactions. */
  static void settle(TxnRequest request, ObjectNode answer) {
    List<RequestOp> branch =
        answer.path("succeeded").asBoolean() ? request.getSuccessList() : request.getFailureList();
    JsonNode answers = answer.path("responses");
    for (int i = 0; i < Math.min(branch.size(), answers.size()); i++) {
      RequestOp operation = branch.get(i);
      if (answers.get(i).get("response_range") instanceof ObjectNode range) {
        settle(operation.getRequestRange(), range);
      } else if (answers.get(i).get("response_txn") instanceof ObjectNode txn) {
        settle(operation.getRequestTxn(), txn);
      }
    }
  }

  static void settle(RangeRequest request, ObjectNode answer) {
    boolean sorted = request.getSortTarget() != RangeRequest.SortTarget.KEY;
    if (sorted && answer.get("kvs") instanceof ArrayNode pairs) {
      boolean cut = answer.path("more").asBoolean();
      boolean hidden =
          request.getKeysOnly() && request.getSortTarget() == RangeRequest.SortTarget.VALUE;
      var settled = new ArrayList<JsonNode>();
      var group = new ArrayList<JsonNode>();
      for (JsonNode pair : pairs) {
        if (!group.isEmpty()
            && !hidden
            && !sortKey(request, group.get(0)).equals(sortKey(request, pair))) {
          settled.addAll(inOrder(group));
          group.clear();
        }
        group.add(pair);
      }
      settled.addAll(cut ? counted(request, group) : inOrder(group));
      pairs.removeAll().addAll(settled);
    }
  }

  private static String sortKey(RangeRequest request, JsonNode pair) {
    return switch (request.getSortTarget()) {
      case KEY -> pair.path("key").asText();
      case VERSION -> pair.path("version").asText();
      case CREATE -> pair.path("create_revision").asText();
      case MOD -> pair.path("mod_revision").asText();
      case VALUE -> pair.path("value").asText();
      case UNRECOGNIZED -> "";
    };
  }

  private static List<JsonNode> inOrder(List<JsonNode> group) {
    return group.stream().sorted(Comparator.comparing(JsonNode::toString)).toList();
  }

  private static List<JsonNode> counted(RangeRequest request, List<JsonNode> group) {
    return group.stream()
        .map(pair -> (JsonNode) Answer.object().put("one of those with", sortKey(request, pair)))
        .toList();
  }
}
