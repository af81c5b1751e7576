package io.syncline.bench.compare;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncline.bench.load.Clock;
import io.syncline.bench.process.Processors;
import java.time.Duration;

/**
 * Processor time per time: how many cores each kept busy.
 *
 * @param client the load generator
 * @param members all members of the cluster together
 * @param others everything else on the machine, and time stolen from it as a guest; 0 if unknown
 */
record Cores(double client, double members, double others) {
  /** More than this spoils a measurement on a small machine. */
  private static final double MOST_FOR_OTHERS = 0.3;

  boolean disturbed() {
    return others > MOST_FOR_OTHERS;
  }

  ObjectNode toJson() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("client", rounded(client))
        .put("members", rounded(members))
        .put("others", rounded(others));
  }

  private static double rounded(double value) {
    return Math.round(value * 100) / 100.0;
  }

  /** Processor time used up to a moment. */
  record Spent(long atNanos, Duration client, Duration members, Duration all) {
    static Spent now(Cluster cluster) {
      return new Spent(
          Clock.SYSTEM.nanos(), Processors.own(), cluster.cpuTime(), Processors.busy());
    }

    Cores since(Spent earlier) {
      double nanos = atNanos - earlier.atNanos;
      double ofClient = client.minus(earlier.client).toNanos() / nanos;
      double ofMembers = members.minus(earlier.members).toNanos() / nanos;
      double ofAll = all.minus(earlier.all).toNanos() / nanos;
      return new Cores(ofClient, ofMembers, Math.max(0, ofAll - ofClient - ofMembers));
    }
  }
}
