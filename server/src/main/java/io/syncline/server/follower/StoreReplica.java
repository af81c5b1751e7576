package io.syncline.server.follower;

import io.syncline.client.sync.Replica;
import io.syncline.model.ChangeBatch;
import io.syncline.model.Checksum;
import io.syncline.model.ConfigVersion;
import io.syncline.model.CopyState;
import io.syncline.model.CopyState.Staging;
import io.syncline.model.DigestBuckets;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.NamespaceRecord;
import io.syncline.model.Revision;
import io.syncline.model.Selector;
import io.syncline.model.SnapshotPart;
import io.syncline.server.apply.Adoption;
import io.syncline.server.feed.Feed;
import io.syncline.server.retain.Sweep;
import io.syncline.server.store.ChangePlace;
import io.syncline.server.store.Store;
import io.syncline.server.store.StoreBatch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A copy on the disk: a store like a voter's, brought forward by batches. What is applied is published
 * to the feed, so that watchers and relays downstream live off the copy as they would off a voter.
 *
 * <p>The store keeps a log, for after a crash it must serve what it served before, with or without the
 * centre. A snapshot is staged in a store of its own beside it, without a log: what is lost of it is
 * asked for again.
 */
public final class StoreReplica implements Replica, AutoCloseable {
  /** So much of a snapshot may have to be taken again after a crash. */
  private static final long STAGED_FLUSH_BYTES = 16L << 20;

  private final BiConsumer<ConfigVersion, Boolean> altered;
  private final CopyFolders folders;
  private final Store store;
  private final Feed feed;
  private final Sweep sweep;
  private Adoption adoption;
  private volatile Optional<CopyState> copy;
  private @Nullable StagedStore staged;

  /** The store that is filled beside the one that serves. */
  private static final class StagedStore {
    private final Store store;
    private final Adoption adoption;
    private CopyState copy;
    private long unflushedBytes;

    StagedStore(Store store, CopyState copy) {
      this.store = store;
      this.adoption = new Adoption(store);
      this.copy = copy;
    }
  }

  private StoreReplica(
      CopyFolders folders, Store store, Feed feed, BiConsumer<ConfigVersion, Boolean> altered) {
    this.altered = altered;
    this.folders = folders;
    this.store = store;
    this.feed = feed;
    this.adoption = new Adoption(store);
    this.sweep = new Sweep(store);
    this.copy = Optional.ofNullable(store.read(reader -> reader.copy()));
    this.staged = folders.hasStaged() ? openStaged() : null;
  }

  /**
   * Opens the copy in a data folder, and what is staged there.
   *
   * @param makingFeed of the store that serves
   * @param altered is told of what is repaired: a version as it was stored, with the checksum that its
   *     content really has, and whether that is another one than was stored beside it
   * @throws io.syncline.model.Fault if it cannot be read
   */
  public static StoreReplica open(
      CopyFolders folders, FeedMaking makingFeed, BiConsumer<ConfigVersion, Boolean> altered) {
    folders.finishReplacing();
    Store store = Store.openWithLog(folders.store());
    return new StoreReplica(folders, store, makingFeed.feedOf(store), altered);
  }

  /** Makes the feed of a store. */
  public interface FeedMaking {
    Feed feedOf(Store store);
  }

  private @Nullable StagedStore openStaged() {
    Store opened = Store.open(folders.staged());
    CopyState begun = opened.read(reader -> reader.copy());
    if (begun == null || begun.staging().isEmpty()) {
      // nothing of it had reached the disk
      opened.close();
      folders.deleteStaged();
      return null;
    }
    return new StagedStore(opened, begun);
  }

  public Store store() {
    return store;
  }

  public Feed feed() {
    return feed;
  }

  /** The revision of the last whole copy: what was deleted before it is not known. Any thread. */
  public Revision base() {
    return copy.map(CopyState::base).orElse(Revision.ZERO);
  }

  @Override
  public Optional<UUID> cluster() {
    return copy.map(CopyState::cluster);
  }

  @Override
  public Revision cursor() {
    return store.position().revision();
  }

  @Override
  public long term() {
    return copy.map(CopyState::term).orElse(0L);
  }

  @Override
  public void apply(ChangeBatch batch) {
    Map<NamespaceName, Checksum> digests = adoption.adopt(batch, base());
    copy = Optional.of(new CopyState(batch.cluster(), batch.term(), base(), Optional.empty()));
    feed.publish(batch.to(), batch.changes(), digests);
  }

  @Override
  public Set<NamespaceName> namespaces() {
    return store.namespaces().stream()
        .map(NamespaceRecord::name)
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public Checksum digest(NamespaceName namespace) {
    return adoption.digest(namespace);
  }

  @Override
  public Optional<Staged> staged() {
    StagedStore begun = staged;
    return begun == null ? Optional.empty() : begun.copy.staging().map(StoreReplica::describe);
  }

  private static Staged describe(Staging staging) {
    return new Staged(
        staging.since(),
        staging.at(),
        staging
            .after()
            .map(after ->
                new Staged.After(Selector.all(after.namespace()), new Key(after.prefix()))),
        staging.parts(),
        staging.keys());
  }

  @Override
  public void stage(SnapshotPart part) {
    StagedStore filling = staged != null ? staged : beginStaging(part);
    staged = filling;
    filling.copy = next(filling.copy, part);
    filling.adoption.adopt(part, filling.copy);
    filling.unflushedBytes +=
        part.heads().stream().mapToLong(ConfigVersion::sizeBytes).sum();
    if (part.last()) {
      replaceBy(filling, part);
    } else if (filling.unflushedBytes >= STAGED_FLUSH_BYTES) {
      filling.unflushedBytes = 0;
      filling.store.flush();
    }
  }

  private StagedStore beginStaging(SnapshotPart part) {
    folders.deleteStaged();
    if (!part.since().equals(Revision.ZERO)) {
      store.checkpoint(folders.staged());
    }
    var begun = new Staging(part.since(), part.at(), Optional.empty(), 0, 0);
    return new StagedStore(
        Store.open(folders.staged()),
        new CopyState(part.cluster(), part.term(), base(), Optional.of(begun)));
  }

  private static CopyState next(CopyState before, SnapshotPart part) {
    Staging was = before.staging().orElseThrow();
    Optional<Selector> after = part.heads().isEmpty()
        ? was.after()
        : Optional.of(placeOf(part.heads().get(part.heads().size() - 1)));
    return new CopyState(
        part.cluster(),
        part.term(),
        before.base(),
        Optional.of(new Staging(
            was.since(),
            part.at(),
            after,
            was.parts() + 1,
            was.keys() + part.heads().size())));
  }

  private static Selector placeOf(ConfigVersion head) {
    return new Selector(head.namespace(), head.key().bytes());
  }

  /** The staged store is whole on the disk before it takes the other's place. */
  private void replaceBy(StagedStore filled, SnapshotPart part) {
    Revision base = part.since().equals(Revision.ZERO) ? part.at() : base();
    var complete = new CopyState(part.cluster(), part.term(), base, Optional.empty());
    filled.adoption.complete(part.at(), complete);
    filled.store.flush();
    filled.store.close();
    staged = null;
    store.replaceWith(folders::finishReplacing);
    adoption = new Adoption(store);
    copy = Optional.of(complete);
    feed.reset(part.at());
  }

  @Override
  public void dropStaged() {
    StagedStore begun = staged;
    staged = null;
    if (begun != null) {
      begun.store.close();
    }
    folders.deleteStaged();
  }

  @Override
  public DigestBuckets recount(Selector selector) {
    var counted = new DigestBuckets();
    eachLive(selector, live -> counted.add(counted.bucketOf(live.key()), live));
    return counted;
  }

  @Override
  public List<Entry> entries(Selector selector, int bucket) {
    var buckets = new DigestBuckets();
    var entries = new ArrayList<Entry>();
    eachLive(selector, live -> {
      if (buckets.bucketOf(live.key()) == bucket) {
        entries.add(new Entry(live.key(), live.version(), live.checksum()));
      }
    });
    return entries;
  }

  private void eachLive(Selector selector, Consumer<ConfigVersion> visiting) {
    store.readSnapshot(reader -> {
      store
          .namespace(selector.namespace())
          .ifPresent(record -> reader.headsAsStored(record.id(), selector.range(), head -> {
            if (head.live()) {
              visiting.accept(head);
            }
            return true;
          }));
      return true;
    });
  }

  @Override
  public void repair(Selector selector, List<ConfigVersion> heads, List<Key> gone) {
    NamespaceRecord record = store.namespace(selector.namespace()).orElse(null);
    if (record == null) {
      return;
    }
    heads.forEach(head -> tellAltered(record, head.key(), Optional.of(head)));
    gone.forEach(key -> tellAltered(record, key, Optional.empty()));
    var batch = new StoreBatch();
    for (ConfigVersion head : heads) {
      ChangePlace place =
          store.read(reader -> reader.place(record.id(), head.key(), head.version()));
      if (place == null) {
        batch.replaceHead(head, record.id());
      } else {
        batch.addVersion(head, record.id(), place.subIndex(), null);
      }
    }
    gone.forEach(key -> batch.dropHead(record.id(), key));
    store.write(batch);
    adoption.recounted(record, recount(Selector.all(record.name())));
  }

  private void tellAltered(NamespaceRecord record, Key key, Optional<ConfigVersion> right) {
    store
        .read(reader -> reader.headAsStored(record.id(), key))
        .filter(stored -> right.map(head -> differ(stored.version(), head)).orElse(true))
        .ifPresent(stored -> altered.accept(stored.version(), stored.damaged()));
  }

  private static boolean differ(ConfigVersion stored, ConfigVersion right) {
    return !stored.version().equals(right.version())
        || !stored.checksum().equals(right.checksum())
        || stored.tombstone() != right.tombstone();
  }

  /**
   * Lets go of history.
   *
   * @param before what was superseded earlier is not needed any more
   */
  public void trim(Instant before) {
    Revision cut = store.readSnapshot(reader -> reader.revisionAt(before));
    if (adoption.raiseHorizons(cut)) {
      sweep.run();
    }
  }

  @Override
  public void close() {
    StagedStore begun = staged;
    if (begun != null) {
      begun.store.flush();
      begun.store.close();
    }
    store.flush();
    store.close();
  }
}
