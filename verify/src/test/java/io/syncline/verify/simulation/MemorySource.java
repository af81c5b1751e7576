package io.syncline.verify.simulation;

import com.google.protobuf.ByteString;
import io.syncline.model.Actor;
import io.syncline.model.ChangeBatch;
import io.syncline.model.Checksum;
import io.syncline.model.ConfigVersion;
import io.syncline.model.DigestBuckets;
import io.syncline.model.FollowerRegistration;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Revision;
import io.syncline.model.Selector;
import io.syncline.model.SnapshotPart;
import io.syncline.model.Subscription;
import io.syncline.model.Version;
import io.syncline.server.sync.ChangeSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A history of one namespace in memory: the centre's, or what a relay has received of it. */
final class MemorySource implements ChangeSource {
  static final NamespaceName NAMESPACE = NamespaceName.DEFAULT;

  private final Supplier<UUID> cluster;
  private final LongSupplier timeMs;
  private final Supplier<List<String>> path;
  /** One change a revision; null where the revision changed nothing here. */
  private final List<ConfigVersion> log = new ArrayList<>();

  private Revision horizon = Revision.ZERO;

  MemorySource(Supplier<UUID> cluster, LongSupplier timeMs, Supplier<List<String>> path) {
    this.cluster = cluster;
    this.timeMs = timeMs;
    this.path = path;
  }

  void commit(ConfigVersion change) {
    log.add(change);
  }

  /** The next revision: a new key with this content. */
  void commit(String text) {
    commit("key/" + (revision().value() + 1), new Version(1), text);
  }

  /** The next revision: a version of a key. */
  void commit(String key, Version version, String text) {
    long revision = revision().value() + 1;
    var content = ByteString.copyFromUtf8(text);
    commit(new ConfigVersion(
        NAMESPACE,
        Key.of(key),
        version,
        new Revision(revision),
        content,
        "",
        Checksum.of(content),
        content.size(),
        Instant.ofEpochMilli(timeMs.getAsLong()),
        Actor.ANONYMOUS,
        "",
        null,
        false,
        new Version(1),
        new Revision(revision),
        null));
  }

  /** A relay took a snapshot: it knows the state there, and nothing of the way. */
  void replaceBy(List<ConfigVersion> state, Revision at) {
    log.clear();
    base.clear();
    state.forEach(head -> base.put(head.key(), head));
    horizon = at;
    known = at;
  }

  /** What was deleted before it is not known. */
  private Revision known = Revision.ZERO;

  private final TreeMap<Key, ConfigVersion> base =
      new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));

  void compact(Revision upTo) {
    if (upTo.isAfter(horizon) && !upTo.isAfter(revision())) {
      var state = stateAt(upTo);
      long dropped = upTo.value() - horizon.value();
      log.subList(0, (int) dropped).clear();
      base.clear();
      base.putAll(state);
      horizon = upTo;
    }
  }

  /** Tombstones included. */
  Map<Key, ConfigVersion> stateAt(Revision at) {
    if (at.isBefore(horizon)) {
      throw new RejectedException(Rejection.compacted("revision " + at, horizon));
    }
    if (at.isAfter(revision())) {
      throw new RejectedException(Rejection.futureRevision(at, revision()));
    }
    var state = new TreeMap<>(base);
    log.subList(0, (int) (at.value() - horizon.value()))
        .forEach(change -> state.put(change.key(), change));
    return state;
  }

  @Override
  public Revision revision() {
    return new Revision(horizon.value() + log.size());
  }

  @Override
  public long keys(Subscription subscription) {
    return stateAt(revision()).values().stream().filter(ConfigVersion::live).count();
  }

  @Override
  public Set<NamespaceName> namespaces() {
    return Set.of(NAMESPACE);
  }

  @Override
  public Position position(Set<NamespaceName> digestsOf) {
    Map<NamespaceName, Checksum> digests =
        digestsOf.contains(NAMESPACE) ? Map.of(NAMESPACE, digestAt(revision())) : Map.of();
    return new Position(
        cluster.get(),
        revision(),
        1,
        Instant.ofEpochMilli(timeMs.getAsLong()),
        digests,
        path.get(),
        0);
  }

  Checksum digestAt(Revision at) {
    return buckets(Selector.all(NAMESPACE), at).digest();
  }

  @Override
  public Optional<ChangeBatch> after(
      Revision from, Subscription subscription, int maxChanges, long maxBytes) {
    if (from.isBefore(horizon)) {
      return Optional.empty();
    }
    int begin = (int) (from.value() - horizon.value());
    int end = Math.min(log.size(), begin + maxChanges);
    List<ConfigVersion> changes =
        log.subList(begin, end).stream().filter(subscription::covers).toList();
    Revision to = new Revision(horizon.value() + end);
    return Optional.of(new ChangeBatch(
        cluster.get(),
        1,
        from,
        to,
        changes,
        subscription.hasWhole(NAMESPACE) ? Map.of(NAMESPACE, digestAt(to)) : Map.of(),
        Instant.ofEpochMilli(timeMs.getAsLong())));
  }

  @Override
  public Optional<Instant> committedAfter(Revision revision) {
    return Optional.empty();
  }

  @Override
  public Part snapshot(
      Subscription subscription,
      Revision asked,
      Revision at,
      @Nullable Selector after,
      int index,
      long maxBytes) {
    Revision since = asked.isBefore(known) ? Revision.ZERO : asked;
    Revision shown = at.equals(Revision.ZERO) ? revision() : at;
    var heads = new ArrayList<ConfigVersion>();
    Selector next = after;
    boolean last = true;
    for (ConfigVersion head : stateAt(shown).values()) {
      boolean past =
          after == null || head.key().toString().compareTo(after.prefix().toStringUtf8()) > 0;
      if (!past || !subscription.covers(head)) {
        continue;
      }
      if (heads.size() >= 3) {
        last = false;
        break;
      }
      next = new Selector(NAMESPACE, head.key().bytes());
      boolean wanted =
          head.revision().isAfter(since) && (head.live() || !since.equals(Revision.ZERO));
      if (wanted) {
        heads.add(head);
      }
    }
    Map<NamespaceName, Checksum> digests =
        last && subscription.hasWhole(NAMESPACE) ? Map.of(NAMESPACE, digestAt(shown)) : Map.of();
    return new Part(
        new SnapshotPart(
            cluster.get(), since, shown, 1, heads, last, digests, index, 0, 0, Instant.EPOCH),
        next);
  }

  @Override
  public DigestBuckets buckets(Selector selector, Revision at) {
    var buckets = new DigestBuckets();
    for (ConfigVersion head : stateAt(at).values()) {
      if (head.live() && selector.covers(head)) {
        buckets.add(buckets.bucketOf(head.key()), head);
      }
    }
    return buckets;
  }

  @Override
  public List<ConfigVersion> bucket(Selector selector, Revision at, int bucket) {
    var buckets = new DigestBuckets();
    return stateAt(at).values().stream()
        .filter(head -> head.live() && selector.covers(head))
        .filter(head -> buckets.bucketOf(head.key()) == bucket)
        .toList();
  }

  @Override
  public List<ConfigVersion> heads(NamespaceName namespace, List<Key> keys, Revision at) {
    var state = new HashMap<>(stateAt(at));
    return keys.stream().map(state::get).filter(head -> head != null).toList();
  }

  @Override
  public List<FollowerRegistration> registered() {
    return List.of();
  }

  @Override
  public Optional<Subscription> scope() {
    return Optional.empty();
  }
}
