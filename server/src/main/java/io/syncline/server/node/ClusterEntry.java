package io.syncline.server.node;

import io.syncline.model.Rejection;
import io.syncline.monitor.Readiness;
import io.syncline.proto.api.v1.IdentifyResponse;
import io.syncline.proto.api.v1.ReplaceVoterRequest;
import io.syncline.server.raft.Membership;
import io.syncline.server.raft.Membership.Member;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a voter comes to be part of its cluster: founds it together with the others, comes back to it, or
 * asks to be let in anew; and what is kept of that on the disk. Used on the thread that starts the
 * voter, but for what any thread may ask.
 */
final class ClusterEntry {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterEntry.class);
  static final String CONDITION = "membership";
  private static final long RETRY_MS = 200;

  private final VoterSettings settings;
  private final DataFolder folder;
  private final Readiness readiness;
  private final CountDownLatch closing;
  private volatile Identity identity;

  /**
   * @param closing is counted down when the voter is to stop
   * @throws RefusedToStart if the folder is another voter's, or lacks what it should have
   */
  ClusterEntry(
      VoterSettings settings, DataFolder folder, Readiness readiness, CountDownLatch closing) {
    this.settings = settings;
    this.folder = folder;
    this.readiness = readiness;
    this.closing = closing;
    this.identity = load(settings, folder);
  }

  /** Who this voter is by now. Any thread. */
  Identity identity() {
    return identity;
  }

  private static Identity load(VoterSettings settings, DataFolder folder) {
    Path root = folder.root();
    Identity loaded = Identity.load(root).orElse(null);
    if (loaded == null) {
      if (Files.exists(folder.raft()) || Files.exists(folder.store())) {
        throw new RefusedToStart("data folder: "
            + root
            + " holds data but no "
            + Identity.FILE
            + "; restore the file, or empty the folder to let this voter rejoin");
      }
      loaded = Identity.fresh(settings.name());
      loaded.save(root);
    }
    if (!loaded.name().equals(settings.name())) {
      throw new RefusedToStart("data folder: "
          + root
          + " belongs to voter \""
          + loaded.name()
          + "\" (expected: \""
          + settings.name()
          + "\"); start it under its own name, or use another folder");
    }
    Path log = folder.raft().resolve(loaded.cluster().map(UUID::toString).orElse(""));
    if (loaded.started() && !Files.exists(log)) {
      throw new RefusedToStart("data folder: "
          + log
          + " is missing, though this voter has taken part in its cluster; restore it, or empty"
          + " the whole folder to let this voter rejoin");
    }
    return loaded;
  }

  /** Asks the others until it is clear what this voter is part of, and notes it. */
  void find(Peers peers) throws InterruptedException {
    while (true) {
      Founding.Decision decision = Founding.decide(identity, askAll(peers));
      if (decision instanceof Founding.Decision.Found found) {
        note(identity.founded(found.clusterId(), found.founders()));
        return;
      } else if (decision instanceof Founding.Decision.Rejoin rejoin) {
        LOG.warn(
            "this voter has no data and asks to be let in anew: cluster={}", rejoin.clusterId());
        note(identity.joining(rejoin.clusterId(), rejoin.founders()));
        return;
      }
      readiness.hinder(CONDITION, ((Founding.Decision.Wait) decision).reason());
      pause();
    }
  }

  private void note(Identity next) {
    // on disk before anybody is told
    next.save(folder.root());
    identity = next;
  }

  private Map<String, Optional<IdentifyResponse>> askAll(Peers peers) {
    var answers = new HashMap<String, Optional<IdentifyResponse>>();
    for (VoterAddress other : settings.voters()) {
      if (!other.name().equals(settings.name())) {
        Optional<IdentifyResponse> answer = peers.identify(other.client());
        answer.ifPresent(a -> requireName(other, a));
        answers.put(other.name(), answer);
      }
    }
    return answers;
  }

  private static void requireName(VoterAddress expected, IdentifyResponse answer) {
    if (!answer.getVoter().equals(expected.name())) {
      throw new RefusedToStart("voters: at "
          + expected.client()
          + " answers voter \""
          + answer.getVoter()
          + "\" (expected: \""
          + expected.name()
          + "\"); correct the list");
    }
  }

  /** The cluster as this voter starts with it; the log knows better, once it is read. */
  Membership membership() {
    Identity known = identity;
    UUID clusterId = known.cluster().orElseThrow();
    var founders = new ArrayList<Member>();
    if (!known.joining()) {
      for (VoterAddress voter : settings.voters()) {
        String incarnation = known.founders().get(voter.name());
        if (incarnation != null) {
          founders.add(new Member(voter.name(), incarnation, voter.client(), voter.raft()));
        }
      }
    }
    VoterAddress self = settings.self();
    return new Membership(
        clusterId,
        new Member(self.name(), known.incarnation(), self.client(), self.raft()),
        founders);
  }

  /** Asks the leader, over and over, to take this voter in the place of its former self. */
  void askToBeLetIn(Peers peers) throws InterruptedException {
    Identity known = identity;
    VoterAddress self = settings.self();
    var request = ReplaceVoterRequest.newBuilder()
        .setVoter(self.name())
        .setNewIncarnation(known.incarnation())
        .setEndpoint(self.client().toString())
        .setRaftEndpoint(self.raft().toString())
        .build();
    String reason = "no other voter answers";
    while (true) {
      for (VoterAddress other : settings.voters()) {
        if (other.name().equals(self.name())) {
          continue;
        }
        readiness.hinder(CONDITION, "waiting to be let into the cluster: " + reason);
        Optional<Rejection> refusal = peers.replaceVoter(other.client(), request);
        if (refusal.isEmpty()) {
          note(identity.joined());
          readiness.meet(CONDITION);
          LOG.info(
              "let into the cluster: voter={} incarnation={}", self.name(), known.incarnation());
          return;
        }
        reason = refusal.get().message();
      }
      pause();
    }
  }

  /** A folder of another cluster is noticed as soon as any other voter answers. */
  void requireSameCluster(Peers peers) throws InterruptedException {
    String cluster = identity.cluster().orElseThrow().toString();
    var unanswered = new ArrayList<>(settings.voters());
    unanswered.removeIf(voter -> voter.name().equals(settings.name()));
    while (!unanswered.isEmpty()) {
      for (VoterAddress other : List.copyOf(unanswered)) {
        Optional<IdentifyResponse> answer = peers.identify(other.client());
        if (answer.isPresent()) {
          requireName(other, answer.get());
          if (answer.get().hasClusterId()) {
            requireCluster(cluster, other, answer.get().getClusterId());
            unanswered.remove(other);
          }
        }
      }
      if (!unanswered.isEmpty()) {
        pause();
      }
    }
  }

  private void requireCluster(String ours, VoterAddress other, String theirs) {
    if (!ours.equals(theirs)) {
      throw new RefusedToStart("data folder: "
          + folder.root()
          + " belongs to cluster "
          + ours
          + ", but voter \""
          + other.name()
          + "\" at "
          + other.client()
          + " belongs to cluster "
          + theirs
          + "; use the folder of this cluster, or an empty one");
    }
  }

  /** Waits until it is worth a look what the others say by now; closing ends the wait, and the start. */
  private void pause() throws InterruptedException {
    if (closing.await(RETRY_MS, TimeUnit.MILLISECONDS)) {
      throw new InterruptedException("closing");
    }
  }

  /** Has it on the disk that this voter votes: from now on its log must not be missing. */
  void noteTakingPart() {
    if (!identity.started()) {
      note(identity.tookPart());
    }
  }
}
