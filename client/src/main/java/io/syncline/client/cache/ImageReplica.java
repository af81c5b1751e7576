package io.syncline.client.cache;

import io.syncline.client.sync.Replica;
import io.syncline.model.ChangeBatch;
import io.syncline.model.Checksum;
import io.syncline.model.ConfigVersion;
import io.syncline.model.DigestBuckets;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.Revision;
import io.syncline.model.Selector;
import io.syncline.model.SnapshotPart;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A copy in memory. Readers take the {@link #image}; each batch swaps it for the next in one step.
 */
public final class ImageReplica implements Replica {
  private volatile Image image = Image.EMPTY;
  private final Map<NamespaceName, DigestBuckets> digests = new HashMap<>();
  private @Nullable UUID cluster;
  private long term;
  private @Nullable Filling filling;

  /** A snapshot that is coming in. */
  private static final class Filling {
    private final Image base;
    private final List<ConfigVersion> heads = new ArrayList<>();
    private SnapshotPart newest;
    private int parts;
    private @Nullable ConfigVersion last;

    Filling(Image base, SnapshotPart first) {
      this.base = base;
      this.newest = first;
    }

    void add(SnapshotPart part) {
      newest = part;
      parts++;
      heads.addAll(part.heads());
      last = part.heads().isEmpty() ? last : part.heads().get(part.heads().size() - 1);
    }
  }

  /** The state that readers see. Any thread. */
  public Image image() {
    return image;
  }

  @Override
  public Optional<UUID> cluster() {
    return Optional.ofNullable(cluster);
  }

  @Override
  public Revision cursor() {
    return image.revision();
  }

  @Override
  public long term() {
    return term;
  }

  @Override
  public void apply(ChangeBatch batch) {
    Image next = image;
    for (ConfigVersion change : batch.changes()) {
      count(next.find(change.namespace(), change.key()), change);
      next = next.with(List.of(change), change.revision());
    }
    image = next.with(List.of(), batch.to());
    cluster = batch.cluster();
    term = batch.term();
  }

  private void count(@Nullable ConfigVersion before, ConfigVersion change) {
    DigestBuckets buckets =
        digests.computeIfAbsent(change.namespace(), name -> new DigestBuckets());
    int bucket = buckets.bucketOf(change.key());
    if (before != null) {
      buckets.remove(bucket, before);
    }
    if (change.live()) {
      buckets.add(bucket, change);
    }
  }

  @Override
  public Set<NamespaceName> namespaces() {
    return image.namespaces();
  }

  @Override
  public Checksum digest(NamespaceName namespace) {
    DigestBuckets buckets = digests.get(namespace);
    return buckets == null ? new DigestBuckets().digest() : buckets.digest();
  }

  @Override
  public Optional<Staged> staged() {
    Filling begun = filling;
    return begun == null
        ? Optional.empty()
        : Optional.of(new Staged(
            begun.newest.since(),
            begun.newest.at(),
            Optional.ofNullable(begun.last)
                .map(last -> new Staged.After(Selector.all(last.namespace()), last.key())),
            begun.parts,
            begun.heads.size()));
  }

  @Override
  public void stage(SnapshotPart part) {
    Filling begun = filling;
    if (begun == null) {
      begun = new Filling(part.since().equals(Revision.ZERO) ? Image.EMPTY : image, part);
      filling = begun;
    }
    begun.add(part);
    if (part.last()) {
      filling = null;
      image = begun.base.with(begun.heads, part.at());
      cluster = part.cluster();
      term = part.term();
      recountAll();
    }
  }

  @Override
  public void dropStaged() {
    filling = null;
  }

  @Override
  public DigestBuckets recount(Selector selector) {
    var counted = new DigestBuckets();
    image
        .list(selector)
        .forEach(live -> counted.add(
            counted.bucketOf(live.key()), live.key(), live.version(), Checksum.of(live.content())));
    return counted;
  }

  @Override
  public List<Entry> entries(Selector selector, int bucket) {
    var buckets = new DigestBuckets();
    return image
        .list(selector)
        .filter(live -> buckets.bucketOf(live.key()) == bucket)
        .map(live -> new Entry(live.key(), live.version(), Checksum.of(live.content())))
        .toList();
  }

  @Override
  public void repair(Selector selector, List<ConfigVersion> heads, List<Key> gone) {
    image = image.with(heads, image.revision()).without(selector.namespace(), gone);
    digests.put(selector.namespace(), recount(Selector.all(selector.namespace())));
  }

  private void recountAll() {
    digests.clear();
    for (NamespaceName namespace : image.namespaces()) {
      digests.put(namespace, recount(Selector.all(namespace)));
    }
  }
}
