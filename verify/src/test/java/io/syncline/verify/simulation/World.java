package io.syncline.verify.simulation;

import com.google.protobuf.ByteString;
import io.syncline.client.cache.ImageReplica;
import io.syncline.client.sync.FollowListener;
import io.syncline.client.sync.FollowSettings;
import io.syncline.client.sync.FollowView;
import io.syncline.client.sync.Following;
import io.syncline.client.sync.Self;
import io.syncline.model.Actor;
import io.syncline.model.ChangeBatch;
import io.syncline.model.Checksum;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Key;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Revision;
import io.syncline.model.Selector;
import io.syncline.model.Subscription;
import io.syncline.model.Version;
import io.syncline.server.sync.SyncLimits;
import io.syncline.server.sync.SyncMeters;
import io.syncline.server.sync.SyncServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A centre, relays and followers in one thread, on a network that delays, loses, repeats and damages.
 * The code that synchronises is the real one; time, network, crashes and copies are not.
 *
 * <p>Held all the time: a copy equals the centre's state at its cursor, whole, and a cursor never goes
 * back but by a crash. Held at the end, when all faults are over: every copy equals the centre.
 */
final class World {
  private static final UUID CLUSTER = new UUID(1, 1);
  private static final int KEYS = 12;
  /** Soon reached by one that is cut off. */
  private static final int LONG_HISTORY = 24;

  private static final SyncLimits LIMITS = new SyncLimits(
      100,
      1 << 20,
      Duration.ofMillis(200),
      Duration.ofMillis(400),
      Duration.ofSeconds(3),
      Duration.ofSeconds(5),
      Duration.ofDays(1),
      Duration.ofSeconds(2),
      LONG_HISTORY);

  final VirtualTime time = new VirtualTime();
  final Random random;
  final Network network;
  private final MemorySource centre;
  private final List<Node> nodes = new ArrayList<>();
  /** The centre's digest at every revision, whatever was compacted since. */
  private final List<Checksum> digests = new ArrayList<>();

  private final TreeMap<Key, ConfigVersion> heads =
      new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
  final List<String> trace = new ArrayList<>();

  World(long seed) {
    random = new Random(seed);
    network = new Network(this);
    centre = new MemorySource(() -> CLUSTER, time::nowMs, List::of);
    digests.add(centre.digestAt(Revision.ZERO));
    var voter = new Node("voter", "", centre);
    nodes.add(voter);
    int relays = random.nextInt(3);
    for (int i = 1; i <= relays; i++) {
      nodes.add(new Node("relay" + i, upstreamOf(i), null));
    }
    int followers = 1 + random.nextInt(3);
    for (int i = 1; i <= followers; i++) {
      nodes.add(new Node("f" + i, upstreamOf(nodes.size()), null));
    }
    nodes.forEach(Node::start);
  }

  private String upstreamOf(int index) {
    return nodes.get(random.nextInt(Math.min(index, nodes.size()))).name;
  }

  Node node(String name) {
    return nodes.stream().filter(n -> n.name.equals(name)).findFirst().orElseThrow();
  }

  void note(String what) {
    trace.add(time.nowMs() + " " + what);
  }

  /** Faults and writes for a while, then quiet until everybody has caught up. */
  void run(long steps) {
    for (long step = 0; step < steps; step++) {
      long until = time.nowMs() + 1 + random.nextInt(150);
      time.runUntil(until);
      act();
    }
    network.heal();
    nodes.forEach(Node::revive);
    for (int i = 0; i < 400 && !allEqual(); i++) {
      time.runUntil(time.nowMs() + 250);
    }
    for (Node node : nodes) {
      if (!node.isEqualToCentre()) {
        throw new AssertionError(node.name + " stands at " + node.cursor() + " of "
            + centre.revision() + " after all faults were over: " + node.following.view());
      }
    }
  }

  private boolean allEqual() {
    return nodes.stream().allMatch(Node::isEqualToCentre);
  }

  private void act() {
    switch (random.nextInt(12)) {
      case 0, 1, 2, 3, 4 -> write(1 + random.nextInt(8));
      case 5 ->
        centre.compact(new Revision(Math.max(0, centre.revision().value() - random.nextInt(20))));
      case 6 -> nodes.get(random.nextInt(nodes.size())).crash();
      case 7, 8 -> nodes.get(random.nextInt(nodes.size())).revive();
      case 9 -> network.worsen();
      case 10 -> network.heal();
      default -> nodes.get(random.nextInt(nodes.size())).damage();
    }
  }

  private void write(int count) {
    for (int i = 0; i < count; i++) {
      var key = Key.of("key/" + (char) ('a' + random.nextInt(KEYS)));
      ConfigVersion head = heads.get(key);
      boolean delete = head != null && head.live() && random.nextInt(4) == 0;
      ConfigVersion next = next(key, head, delete);
      heads.put(key, next);
      centre.commit(next);
      digests.add(centre.digestAt(centre.revision()));
    }
    node("voter").server.onCommitted();
  }

  private ConfigVersion next(Key key, @Nullable ConfigVersion head, boolean tombstone) {
    Revision revision = centre.revision().next();
    var version = head == null ? new Version(1) : head.version().next();
    ByteString content =
        tombstone ? ByteString.EMPTY : ByteString.copyFromUtf8("content of " + revision);
    return new ConfigVersion(
        MemorySource.NAMESPACE,
        key,
        version,
        revision,
        content,
        "",
        Checksum.of(content),
        content.size(),
        Instant.ofEpochMilli(time.nowMs()),
        Actor.ANONYMOUS,
        "",
        null,
        tombstone,
        head == null || head.tombstone() ? version : head.bornVersion(),
        head == null || head.tombstone() ? revision : head.bornRevision(),
        null);
  }

  /** A voter, a relay or a follower; each of its lives has a loop of its own. */
  final class Node {
    final String name;
    private final String upstream;
    private final boolean isCentre;
    MemorySource source;
    SyncServer server;
    VirtualTime.Life life;
    private ImageReplica replica = new ImageReplica();
    private Following following;
    private boolean damaged;

    @SuppressWarnings("NullAway.Init") // start makes the rest
    Node(String name, String upstream, @Nullable MemorySource source) {
      this.name = name;
      this.upstream = upstream;
      this.isCentre = source != null;
      this.source = source == null ? relaySource() : source;
    }

    private MemorySource relaySource() {
      return new MemorySource(
          () -> replica
              .cluster()
              .orElseThrow(() ->
                  new RejectedException(Rejection.of(Rejection.Reason.NOT_READY, "no copy yet"))),
          time::nowMs,
          () -> List.of(name));
    }

    void start() {
      life = time.new Life();
      if (!isCentre) {
        source = relaySource();
        source.replaceBy(liveHeads(), replica.cursor());
      }
      server = new SyncServer(
          life, source, LIMITS, name, new Random(random.nextLong()), time, SyncMeters.NONE);
      server.start();
      if (!isCentre) {
        follow();
      }
    }

    private List<ConfigVersion> liveHeads() {
      return replica.image().list(Selector.all(MemorySource.NAMESPACE)).toList();
    }

    private void follow() {
      var mode = List.of(
              FollowSettings.Mode.PULL, FollowSettings.Mode.PUSH, FollowSettings.Mode.AUTO)
          .get(random.nextInt(3));
      var settings = new FollowSettings(
          mode,
          Duration.ofMillis(500),
          1 + random.nextInt(4),
          1 + random.nextInt(10),
          1 << 20,
          Duration.ofMillis(900),
          Duration.ofMillis(20),
          Duration.ofMillis(500),
          Duration.ofSeconds(2),
          Duration.ofSeconds(4));
      var self =
          new Self(name, Subscription.of(Selector.all(MemorySource.NAMESPACE)), "", true, List::of);
      following = new Following(
          life,
          replica,
          List.of(network.upstream(this, upstream)),
          self,
          settings,
          new Random(random.nextLong()),
          new Checking());
      following.start();
    }

    /** Holds every state that a reader could see against the centre's. */
    private final class Checking implements FollowListener {
      private Revision seen = replica.cursor();

      @Override
      public void onApplied(ChangeBatch batch) {
        for (ConfigVersion change : batch.changes()) {
          source.commit(change);
        }
        check();
        server.onCommitted();
      }

      @Override
      public void onReplaced(Revision at) {
        source.replaceBy(liveHeads(), replica.cursor());
        if (following.view().suspects().isEmpty()) {
          damaged = false;
        }
        check();
        server.onCommitted();
      }

      @Override
      public void onView(FollowView view) {
        server.setSound(view.suspects().isEmpty());
      }

      private void check() {
        note(name + " at " + replica.cursor());
        if (replica.cursor().isBefore(seen)) {
          throw new AssertionError(name + " went back from " + seen + " to " + replica.cursor());
        }
        seen = replica.cursor();
        if (!damaged) {
          requireEqual();
        }
      }
    }

    private void requireEqual() {
      Checksum ours = replica.recount(Selector.all(MemorySource.NAMESPACE)).digest();
      Checksum theirs = digests.get((int) replica.cursor().value());
      boolean suspected = !following.view().suspects().isEmpty();
      if (!ours.equals(theirs) && !suspected) {
        throw new AssertionError(name
            + " differs from the centre at "
            + replica.cursor()
            + " and does not know it; it has "
            + liveHeads()
            + ", the centre "
            + heads.values());
      }
    }

    void crash() {
      if (!life.over()) {
        note(name + " crashes");
        life.end();
        network.forget(this);
      }
    }

    void revive() {
      if (life.over()) {
        note(name + " starts");
        start();
      }
    }

    /** One byte of a content flips: a disk, or a memory, does that. */
    void damage() {
      if (isCentre || liveHeads().isEmpty() || damaged) {
        return;
      }
      List<ConfigVersion> live = liveHeads();
      ConfigVersion hit = live.get(random.nextInt(live.size()));
      byte[] content = hit.content().toByteArray();
      content[random.nextInt(content.length)] ^= 1;
      replica.repair(
          Selector.all(MemorySource.NAMESPACE),
          List.of(hit.withContent(ByteString.copyFrom(content))),
          List.of());
      damaged = true;
      note(name + " is damaged at " + hit.key());
    }

    Revision cursor() {
      return isCentre ? centre.revision() : replica.cursor();
    }

    boolean isEqualToCentre() {
      return isCentre
          || (replica.cursor().equals(centre.revision())
              && replica
                  .recount(Selector.all(MemorySource.NAMESPACE))
                  .digest()
                  .equals(digests.get(digests.size() - 1)));
    }
  }
}
