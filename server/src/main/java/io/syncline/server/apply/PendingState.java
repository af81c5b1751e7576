package io.syncline.server.apply;

import io.syncline.model.AuthState;
import io.syncline.model.Checksum;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Conflict;
import io.syncline.model.ConflictContents;
import io.syncline.model.DigestBuckets;
import io.syncline.model.Fault;
import io.syncline.model.Key;
import io.syncline.model.KeyRange;
import io.syncline.model.Lease;
import io.syncline.model.LogPosition;
import io.syncline.model.NamespaceName;
import io.syncline.model.NamespaceRecord;
import io.syncline.model.NamespaceSettings;
import io.syncline.model.Outcome;
import io.syncline.model.RememberedOutcome;
import io.syncline.model.Revision;
import io.syncline.model.StorePosition;
import io.syncline.model.TxnResult;
import io.syncline.model.Version;
import io.syncline.server.store.ChangePlace;
import io.syncline.server.store.LeasedKey;
import io.syncline.server.store.Store;
import io.syncline.server.store.StoreBatch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The state while a batch is applied: the store, overlaid with what the batch's commands have done so
 * far. Carries decisions out, and collects the one store batch they come to.
 */
final class PendingState implements StateView {
  private record HeadId(int namespaceId, Key key) {}

  private record VersionId(int namespaceId, Key key, Version version) {}

  private record OpenId(int namespaceId, Key key, Checksum theirs) {
    static OpenId of(NamespaceRecord namespace, Key key, @Nullable Checksum theirs) {
      return new OpenId(namespace.id(), key, theirs == null ? Checksum.OF_NOTHING : theirs);
    }
  }

  private record BucketId(int namespaceId, int bucket) {}

  private static final Comparator<BucketId> BUCKET_ORDER =
      Comparator.comparingInt(BucketId::namespaceId).thenComparingInt(BucketId::bucket);

  private final Store store;
  private final LiveDigests digests;
  private final StoreBatch batch = new StoreBatch();
  private final PendingLeases leases;
  private final Instant time;

  private final Map<HeadId, ConfigVersion> heads = new HashMap<>();
  private final Map<HeadId, Optional<ConfigVersion>> storedHeads = new HashMap<>();
  private final Map<VersionId, ConfigVersion> versions = new HashMap<>();
  private final Map<Integer, RememberedOutcome> outcomes = new HashMap<>();
  private final Map<NamespaceName, NamespaceRecord> namespaces = new TreeMap<>();
  private final TreeSet<BucketId> touchedBuckets = new TreeSet<>(BUCKET_ORDER);
  private final List<ConfigVersion> changes = new ArrayList<>();
  /** By id; no value: dropped. */
  private final Map<Long, Optional<Conflict>> conflicts = new TreeMap<>();

  private final Map<OpenId, Long> openConflicts = new HashMap<>();

  private AuthState auth;
  private Revision revision;
  private int nextNamespaceId;
  private long commandsRemembered;
  private long conflictsRecorded;
  private long conflictsDropped;

  PendingState(Store store, StorePosition before, long proposedAtMs, LiveDigests digests) {
    this.store = store;
    this.digests = digests;
    this.leases = new PendingLeases(store, batch);
    this.time = Instant.ofEpochMilli(Math.max(before.timeMs(), proposedAtMs));
    this.auth = store.auth();
    this.revision = before.revision();
    this.nextNamespaceId = before.nextNamespaceId();
    this.commandsRemembered = before.commandsRemembered();
    this.conflictsRecorded = before.conflictsRecorded();
    this.conflictsDropped = before.conflictsDropped();
  }

  /** Does what was decided. */
  Outcome carryOut(Decision decision) {
    if (decision instanceof Decision.Reject reject) {
      return new Outcome.Rejected(reject.rejection());
    } else if (decision instanceof Decision.Change change) {
      return change(change);
    } else if (decision instanceof Decision.Transacted transacted) {
      return transact(transacted);
    } else if (decision instanceof Decision.Namespaces altered) {
      altered.records().forEach(record -> namespaces.put(record.name(), record));
      nextNamespaceId += altered.created() ? 1 : 0;
      return new Outcome.Committed(revision, true, List.of(), true);
    } else if (decision instanceof Decision.Drop drop) {
      return drop(drop);
    } else if (decision instanceof Decision.Settled settled) {
      return settle(settled);
    } else if (decision instanceof Decision.Known known) {
      return new Outcome.Committed(revision, false, List.of(), true, known.conflictId());
    } else if (decision instanceof Decision.ConflictsDropped dropped) {
      dropped.ids().forEach(this::dropConflict);
      return new Outcome.Committed(revision, !dropped.ids().isEmpty(), List.of(), true);
    } else if (decision instanceof Decision.Founded founded) {
      return found(founded);
    } else if (decision instanceof Decision.Leases noted) {
      noted.noted().forEach(leases::note);
      return new Outcome.Committed(revision, true, List.of(), true);
    } else if (decision instanceof Decision.Revoked revoked) {
      return revoke(revoked);
    } else if (decision instanceof Decision.Auth changed) {
      return change(changed.state());
    } else if (decision instanceof Decision.Followers followers) {
      followers.noted().seen().forEach(batch::putFollower);
      followers.noted().forgotten().forEach(batch::dropFollower);
    }
    return new Outcome.Committed(revision, false, List.of(), true);
  }

  /** Everything as one batch, which leads the store to this place of the log. */
  StoreBatch seal(LogPosition at) {
    namespaces.values().forEach(batch::putNamespace);
    for (BucketId touched : touchedBuckets) {
      batch.putDigestBucket(
          touched.namespaceId, touched.bucket, digests.of(touched.namespaceId).get(touched.bucket));
    }
    batch.setPosition(new StorePosition(
        at,
        revision,
        time.toEpochMilli(),
        nextNamespaceId,
        commandsRemembered,
        conflictsRecorded,
        conflictsDropped));
    return batch;
  }

  List<ConfigVersion> changes() {
    return changes;
  }

  /** The digests of the namespaces that were changed, as they are now. */
  Map<NamespaceName, Checksum> changedDigests() {
    var changed = new TreeMap<NamespaceName, Checksum>();
    for (ConfigVersion change : changes) {
      changed.computeIfAbsent(
          change.namespace(), name -> digests.of(namespaceIdOf(name)).digest());
    }
    return changed;
  }

  /**
   * Takes over a version that was decided elsewhere, and its namespace if there is none yet.
   *
   * @param subIndex its place among the changes of its revision
   */
  void adopt(ConfigVersion made, int subIndex) {
    NamespaceRecord known = namespace(made.namespace());
    NamespaceRecord record = known != null
        ? known
        : NamespaceRecord.created(
            nextNamespaceId++,
            made.namespace(),
            NamespaceSettings.KEEP_ALL,
            made.createdAt(),
            made.createdBy());
    revision = made.revision();
    namespaces.put(made.namespace(), add(record, made, subIndex));
  }

  void raiseHorizon(NamespaceName name, Revision least) {
    NamespaceRecord record = namespace(name);
    if (record != null) {
      namespaces.put(name, record.withHorizon(least));
    }
  }

  /** Where the state stands without further changes. */
  void reach(Revision reached) {
    revision = reached;
  }

  /** All of them at the next revision, if there are any. */
  private void make(NamespaceRecord namespace, List<ConfigVersion> made) {
    if (!made.isEmpty()) {
      revision = revision.next();
      NamespaceRecord record = namespace;
      for (int subIndex = 0; subIndex < made.size(); subIndex++) {
        record = add(record, made.get(subIndex), subIndex);
      }
      namespaces.put(record.name(), record);
    }
  }

  private Outcome settle(Decision.Settled settled) {
    make(settled.namespace(), settled.changes());
    Conflict conflict = settled.conflict();
    ConflictContents contents = settled.contents();
    if (contents != null) {
      conflictsRecorded = conflict.id();
      batch.putConflictContents(conflict.id(), contents);
    }
    batch.putConflict(conflict, settled.namespace().id());
    conflicts.put(conflict.id(), Optional.of(conflict));
    openConflicts.put(
        OpenId.of(settled.namespace(), conflict.key(), conflict.theirs()),
        conflict.isOpen() ? conflict.id() : 0);
    return new Outcome.Committed(
        revision,
        !settled.changes().isEmpty(),
        settled.reported().stream().map(ConfigVersion::withoutContent).toList(),
        true,
        conflict.id());
  }

  private void dropConflict(long id) {
    batch.dropConflict(id);
    conflicts.put(id, Optional.empty());
    conflictsDropped++;
  }

  /** Those that were recorded or closed, by id. */
  List<Conflict> conflicts() {
    return conflicts.values().stream().flatMap(Optional::stream).toList();
  }

  @Override
  public long nextConflictId() {
    return conflictsRecorded + 1;
  }

  @Override
  public long conflictsKept() {
    return conflictsRecorded - conflictsDropped;
  }

  @Override
  public @Nullable Conflict conflict(long id) {
    Optional<Conflict> staged = conflicts.get(id);
    return staged != null
        ? staged.orElse(null)
        : store.<@Nullable Conflict>read(reader -> reader.conflict(id));
  }

  @Override
  public long openConflict(NamespaceRecord namespace, Key key, @Nullable Checksum theirs) {
    var id = OpenId.of(namespace, key, theirs);
    Long staged = openConflicts.get(id);
    return staged != null
        ? staged
        : store.read(reader -> reader.openConflict(namespace.id(), key, id.theirs));
  }

  private Outcome change(Decision.Change change) {
    List<ConfigVersion> made = change.changes();
    make(change.namespace(), made);
    return new Outcome.Committed(
        revision,
        !made.isEmpty(),
        change.reported().stream().map(ConfigVersion::withoutContent).toList(),
        change.comparesHeld());
  }

  private Outcome transact(Decision.Transacted transacted) {
    make(transacted.namespace(), transacted.changes());
    TxnResult result = transacted.result();
    return new Outcome.Committed(
        revision, !transacted.changes().isEmpty(), List.of(), result.succeeded(), 0, result);
  }

  private Outcome found(Decision.Founded founded) {
    founded.created().ifPresent(record -> {
      namespaces.put(record.name(), record);
      nextNamespaceId++;
    });
    revision = founded.revision();
    return new Outcome.Committed(revision, founded.created().isPresent(), List.of(), true);
  }

  private Outcome change(AuthState state) {
    boolean changed = !state.equals(auth);
    if (changed) {
      auth = state;
      batch.putAuth(state);
    }
    return new Outcome.Committed(revision, changed, List.of(), true);
  }

  private Outcome revoke(Decision.Revoked revoked) {
    NamespaceRecord namespace = revoked.namespace();
    if (namespace != null) {
      make(namespace, revoked.tombstones());
    }
    leases.end(revoked.leaseId());
    return new Outcome.Committed(revision, true, List.of(), true);
  }

  private NamespaceRecord add(NamespaceRecord record, ConfigVersion made, int subIndex) {
    if (!made.revision().equals(revision)) {
      throw new Fault("apply: " + made + " was decided for another revision than " + revision);
    }
    ConfigVersion before = head(record, made.key());
    updateDigest(record.id(), before, made);
    leases.move(record.id(), before, made);
    batch.addVersion(made, record.id(), subIndex, before);
    heads.put(new HeadId(record.id(), made.key()), made);
    versions.put(new VersionId(record.id(), made.key(), made.version()), made);
    changes.add(made);
    boolean wasLive = before != null && before.live();
    long keysDelta = (made.live() ? 1L : 0L) - (wasLive ? 1L : 0L);
    long bytesDelta = liveBytes(made) - (before == null ? 0 : liveBytes(before));
    return record.changed(revision, keysDelta, bytesDelta);
  }

  private static long liveBytes(ConfigVersion version) {
    return version.live() ? version.key().bytes().size() + version.sizeBytes() : 0;
  }

  private void updateDigest(int namespaceId, @Nullable ConfigVersion before, ConfigVersion made) {
    DigestBuckets buckets = digests.of(namespaceId);
    int bucket = buckets.bucketOf(made.key());
    if (before != null && before.live()) {
      buckets.remove(bucket, before);
    }
    if (made.live()) {
      buckets.add(bucket, made);
    }
    touchedBuckets.add(new BucketId(namespaceId, bucket));
  }

  /** Leaves the horizon alone: other keys keep what their own count allows. */
  private Outcome drop(Decision.Drop drop) {
    NamespaceRecord record = drop.namespace();
    for (Decision.Drop.Dropped dropped : drop.versions()) {
      ChangePlace place = placeOf(record, dropped.key(), dropped.version());
      if (place != null) {
        batch.dropVersion(record.id(), dropped.key(), dropped.version(), place);
        record = record.completeFrom(place.revision().next());
      }
    }
    namespaces.put(record.name(), record);
    return new Outcome.Committed(revision, true, List.of(), true);
  }

  private @Nullable ChangePlace placeOf(NamespaceRecord namespace, Key key, Version version) {
    return store.read(reader -> reader.place(namespace.id(), key, version));
  }

  @Override
  public Revision revision() {
    return revision;
  }

  @Override
  public Instant time() {
    return time;
  }

  @Override
  public AuthState auth() {
    return auth;
  }

  @Override
  public int nextNamespaceId() {
    return nextNamespaceId;
  }

  @Override
  public @Nullable NamespaceRecord namespace(NamespaceName name) {
    NamespaceRecord staged = namespaces.get(name);
    return staged != null ? staged : store.namespace(name).orElse(null);
  }

  @Override
  public List<NamespaceRecord> namespaces() {
    var all = new TreeMap<NamespaceName, NamespaceRecord>();
    store.namespaces().forEach(record -> all.put(record.name(), record));
    all.putAll(namespaces);
    return List.copyOf(all.values());
  }

  @Override
  public @Nullable ConfigVersion head(NamespaceRecord namespace, Key key) {
    var id = new HeadId(namespace.id(), key);
    ConfigVersion staged = heads.get(id);
    if (staged != null) {
      return staged;
    }
    // deciding asks for the head, and so does carrying out
    return storedHeads
        .computeIfAbsent(id, i -> Optional.ofNullable(storedHead(i)))
        .orElse(null);
  }

  private @Nullable ConfigVersion storedHead(HeadId id) {
    return store.read(reader -> reader.head(id.namespaceId, id.key));
  }

  @Override
  public @Nullable ConfigVersion version(NamespaceRecord namespace, Key key, Version version) {
    return versionIn(namespace.id(), key, version);
  }

  /** A version that an outcome reported; null if the history does not answer for it any more. */
  @Nullable
  ConfigVersion reported(RememberedOutcome.Touch touch) {
    ConfigVersion found = versionIn(touch.namespaceId(), touch.key(), touch.version());
    NamespaceRecord namespace = found == null ? null : namespace(found.namespace());
    ConfigVersion head = namespace == null ? null : head(namespace, touch.key());
    return namespace == null || head == null ? null : keptVersion(namespace, head, touch.version());
  }

  private @Nullable ConfigVersion versionIn(int namespaceId, Key key, Version version) {
    ConfigVersion staged = versions.get(new VersionId(namespaceId, key, version));
    return staged != null
        ? staged
        : store.read(reader -> reader.version(namespaceId, key, version));
  }

  @Override
  public @Nullable Revision revisionOf(NamespaceRecord namespace, Key key, Version version) {
    ConfigVersion staged = versions.get(new VersionId(namespace.id(), key, version));
    if (staged != null) {
      return staged.revision();
    }
    ChangePlace place = placeOf(namespace, key, version);
    return place == null ? null : place.revision();
  }

  @Override
  public void eachHead(NamespaceRecord namespace, KeyRange range, Predicate<ConfigVersion> shown) {
    var staged = new TreeMap<Key, ConfigVersion>();
    heads.forEach((id, head) -> {
      if (id.namespaceId == namespace.id() && range.contains(id.key)) {
        staged.put(id.key, head);
      }
    });
    var merging = new Merging(staged.values(), shown);
    store.read(reader -> {
      reader.heads(namespace.id(), range, merging);
      return true;
    });
    merging.finish();
  }

  @Override
  public @Nullable Lease lease(long id) {
    return leases.lease(id);
  }

  @Override
  public SortedSet<LeasedKey> keysOfLease(long id) {
    return leases.keysOf(id);
  }

  int namespaceIdOf(NamespaceName name) {
    NamespaceRecord record = namespace(name);
    if (record == null) {
      throw new Fault("apply: an outcome names namespace \"" + name + "\", which is not");
    }
    return record.id();
  }

  RememberedOutcome outcome(int slot) {
    RememberedOutcome staged = outcomes.get(slot);
    RememberedOutcome found = staged != null ? staged : store.read(reader -> reader.outcome(slot));
    if (found == null) {
      throw new Fault("apply: slot " + slot + " of the command window is empty");
    }
    return found;
  }

  long nextRememberedCommand() {
    return commandsRemembered++;
  }

  void putOutcome(int slot, RememberedOutcome outcome) {
    outcomes.put(slot, outcome);
    batch.putOutcome(slot, outcome);
  }
}
