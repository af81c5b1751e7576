package io.syncline.server.node;

import com.google.protobuf.ByteString;
import io.syncline.model.Checksum;
import io.syncline.proto.api.v1.IdentifyResponse;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * How a voter with an empty data folder finds out what it is part of. Decides only; {@link Voter}
 * asks and acts.
 *
 * <p>A voter that lost its data must never vote under its old identity: it forgot what it promised.
 * But an empty folder is also how every cluster begins. The two are told apart by asking the others:
 *
 * <ul>
 *   <li>Somebody belongs to a cluster whose founding record names this very folder's incarnation: the
 *       others were faster; adopt the record.
 *   <li>Somebody belongs to a cluster whose record names another incarnation for this voter, or none:
 *       this voter lost its data; it must be let in anew.
 *   <li>Everybody answers, and nobody belongs to a cluster: found one, with all incarnations as they
 *       are. Everyone comes to the same record.
 *   <li>Otherwise wait: a silent voter may know of a cluster.
 * </ul>
 */
final class Founding {
  private Founding() {}

  /** What to do. */
  sealed interface Decision {
    /** Found the cluster, or adopt its founding: both are the same record. */
    record Found(UUID clusterId, Map<String, String> founders) implements Decision {}

    /** Ask to be let in. */
    record Rejoin(UUID clusterId, Map<String, String> founders) implements Decision {}

    record Wait(String reason) implements Decision {}
  }

  /**
   * @param self this voter's identity, not yet of a cluster
   * @param answers of the other voters, by their names; absent for those that did not answer
   */
  static Decision decide(Identity self, Map<String, Optional<IdentifyResponse>> answers) {
    for (Optional<IdentifyResponse> answer : answers.values()) {
      if (answer.isPresent() && answer.get().hasClusterId()) {
        return join(self, answer.get());
      }
    }
    var silent = answers.entrySet().stream()
        .filter(e -> e.getValue().isEmpty())
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
    if (!silent.isEmpty()) {
      return new Decision.Wait(
          "waiting for " + silent + ": a voter that does not answer may know of a cluster");
    }
    var founders = new HashMap<String, String>();
    founders.put(self.name(), self.incarnation());
    answers.forEach(
        (name, answer) -> answer.ifPresent(a -> founders.put(name, a.getIncarnation())));
    return new Decision.Found(clusterIdOf(founders), founders);
  }

  private static Decision join(Identity self, IdentifyResponse member) {
    UUID clusterId = UUID.fromString(member.getClusterId());
    Map<String, String> founders = member.getFoundersMap();
    return self.incarnation().equals(founders.get(self.name()))
        ? new Decision.Found(clusterId, founders)
        : new Decision.Rejoin(clusterId, founders);
  }

  /** The same founders give the same id, whoever computes it. */
  private static UUID clusterIdOf(Map<String, String> founders) {
    String text = new TreeMap<>(founders).toString();
    ByteBuffer hash = Checksum.of(ByteString.copyFromUtf8(text)).bytes().asReadOnlyByteBuffer();
    return new UUID(hash.getLong(), hash.getLong());
  }
}
