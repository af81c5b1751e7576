package io.syncline.verify.etcd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Message;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The one place that says what may differ, and what is never sent.
 *
 * <p><b>May differ</b>, for the reason each {@link Reason} gives. How often each was met is counted and
 * reported.
 *
 * <p><b>Never sent</b>, because etcd 3.4 has no answer to compare with:
 *
 * <ul>
 *   <li>A range with an unknown sort target, a role's permission without one, and, in a transaction, a
 *       deletion from a key on ({@code range_end} {@code \0}) together with a put that ignores its value
 *       or lease: etcd crashes.
 *   <li>In a transaction with puts, deletions from a key on, and of ranges that end before they begin:
 *       whether etcd takes them to overlap with a put depends on how its tree of them is balanced.
 *   <li>A watch that starts at a negative revision before the first compaction: other watches of that
 *       moment lose events.
 *   <li>A watch that starts exactly at the compacted revision if something was deleted there: the
 *       deletion is sent until the compaction gets to it.
 *   <li>Unknown values of enums in requests that write or watch: the one store would have done what the
 *       other refused.
 *   <li>A negative revision in a transaction's range: before the first compaction etcd takes -1 for now,
 *       and after it for compacted.
 *   <li>With authentication on, without a token that holds: leases, compactions, transactions. etcd 3.4
 *       looks at who calls only where keys are touched; Syncline always. For the same reason transactions
 *       within transactions and previous values are not asked for in transactions: etcd 3.4 gives them to
 *       whoever asks. And no token while authentication is off.
 *   <li>Watch id -1, which is the answer to those without one.
 *   <li>Leases that expire while the test runs, and locks and elections without a lease: what comes of
 *       them depends on the time.
 *   <li>Values above 1.5 MiB: etcd's limit is fixed, Syncline's is a setting.
 *   <li>{@code AuthStatus}, {@code MemberAdd} and the like, snapshots, hashes: a later API, another
 *       cluster, another format.
 * </ul>
 */
final class Justified {
  /** Why something may differ. */
  enum Reason {
    /**
     * A value that an enum of the API does not have: etcd passes over it, or refuses the request for
     * something else; Syncline refuses it for this.
     */
    UNKNOWN_ENUM,

    /**
     * A watch that resumes below the compacted revision: etcd ends it. Syncline sends it all its events
     * as long as nothing in its own range was compacted.
     */
    WATCH_BELOW_COMPACTION,

    /**
     * Nobody, or somebody with a token that does not hold, asks for a lease's remaining time, or for what is
     * refused to everybody: etcd answers the one and looks at the other first. Syncline refuses before it
     * looks at anything else.
     */
    UNKNOWN_CALLER,

    /** A wrong login: Syncline does not tell that the user has no password. */
    WRONG_LOGIN,

    /** After a compaction of revision 0 etcd says 0 instead of -1. */
    NOTHING_COMPACTED
  }

  private static final String COMPACT_REVISION = "compact_revision";

  /** What etcd answers to anybody. */
  private static final Set<Method> READ_ONLY = Set.of(Method.LEASE_TIME_TO_LIVE, Method.LEASES);

  /** Watches that the left store ended and the right one did not. */
  private final Set<String> continued = new HashSet<>();

  private final Map<Reason, Integer> met = new TreeMap<>();

  /** Both answers, in their normal form, without what may differ. */
  record Pair(Answer left, Answer right) {}

  Pair settle(Operation operation, Answer left, Answer right) {
    if (operation instanceof Operation.Call call
        && !left.equals(right)
        && hasUnknownEnum(call.request())
        && isRefusedForAnEnum(right)) {
      met.merge(Reason.UNKNOWN_ENUM, 1, Integer::sum);
      return new Pair(right, right);
    }
    if (operation instanceof Operation.Call call
        && call.method().equals(Method.HASH_KV)
        && right.body().path(COMPACT_REVISION).asText().equals("-1")
        && left.isOk()
        && !left.body().has(COMPACT_REVISION)) {
      met.merge(Reason.NOTHING_COMPACTED, 1, Integer::sum);
      ((ObjectNode) right.body()).remove(COMPACT_REVISION);
    }
    if (operation instanceof Operation.Call call && !left.equals(right)) {
      if (isOfUnknownCaller(right) && (!left.isOk() || READ_ONLY.contains(call.method()))) {
        met.merge(Reason.UNKNOWN_CALLER, 1, Integer::sum);
        return new Pair(right, right);
      }
      if (call.method().equals(Method.AUTHENTICATE) && !left.isOk() && !right.isOk()) {
        met.merge(Reason.WRONG_LOGIN, 1, Integer::sum);
        return new Pair(right, right);
      }
    }
    if (operation instanceof Watching.Barrier) {
      settle(left.body().path("streams"), right.body().path("streams"));
    }
    return new Pair(left, right);
  }

  private static boolean isOfUnknownCaller(Answer answer) {
    String said = answer.toString();
    return !answer.isOk()
        && (said.contains("user name is empty") || said.contains("invalid auth token"));
  }

  private static boolean isRefusedForAnEnum(Answer answer) {
    return (answer.status().startsWith("INVALID_ARGUMENT") || answer.status().startsWith("400 "))
        && answer.toString().contains("(expected: 0 to ");
  }

  private static boolean hasUnknownEnum(Object value) {
    if (value instanceof EnumValueDescriptor number) {
      return number.getIndex() < 0;
    }
    if (value instanceof List<?> values) {
      return values.stream().anyMatch(Justified::hasUnknownEnum);
    }
    return value instanceof Message message
        && message.getAllFields().values().stream().anyMatch(Justified::hasUnknownEnum);
  }

  private void settle(JsonNode left, JsonNode right) {
    right.properties().forEach(stream -> {
      if (stream.getValue() instanceof ObjectNode ofRight
          && left.get(stream.getKey()) instanceof ObjectNode ofLeft) {
        settle(stream.getKey(), ofLeft, ofRight);
      }
    });
  }

  private void settle(String stream, ObjectNode left, ObjectNode right) {
    left.properties().stream()
        .filter(watch -> watch.getValue().path("end").has(COMPACT_REVISION))
        .map(Map.Entry::getKey)
        .filter(watch -> !right.path(watch).has("end"))
        .toList()
        .forEach(watch -> {
          continued.add(stream + "/" + watch);
          met.merge(Reason.WATCH_BELOW_COMPACTION, 1, Integer::sum);
          left.remove(watch);
        });
    right.properties().stream()
        .map(Map.Entry::getKey)
        .filter(watch -> continued.contains(stream + "/" + watch))
        .toList()
        .forEach(right::remove);
  }

  /** How often each was met. */
  Map<Reason, Integer> met() {
    return met;
  }
}
