package io.syncline.server.feed;

import io.syncline.model.Checksum;
import io.syncline.model.ConfigVersion;
import io.syncline.model.NamespaceName;
import io.syncline.model.Revision;
import io.syncline.server.store.Store;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The ordered stream of all changes: the newest in memory, older ones from the store.
 *
 * <p>One thread publishes, any number read. Readers name the revision they have; what they get is
 * contiguous from there, and never ends in the middle of a revision.
 */
public final class Feed {
  /** Of the keys and contents of a slice; the revision that reaches it is still taken whole. */
  private static final long MAX_SLICE_BYTES = 4L << 20;

  /** Of the store's changes for one slice, wanted or not. */
  private static final int MAX_LOOKED_AT = 20_000;

  private final Store store;
  private final int maxChanges;
  private final long maxBytes;

  /** What was published at once, by its last revision: few objects, however many changes. */
  private final NavigableMap<Revision, Published> recent = new TreeMap<>();

  private int recentChanges;
  private long recentBytes;
  /** Every change after it, and up to the head, is in memory. */
  private Revision before;

  private Revision head;

  /**
   * @param maxChanges the most changes kept in memory
   * @param maxBytes the most bytes of keys and contents kept in memory
   */
  public Feed(Store store, int maxChanges, long maxBytes) {
    this.store = store;
    this.maxChanges = maxChanges;
    this.maxBytes = maxBytes;
    this.head = store.position().revision();
    this.before = head;
  }

  /**
   * Changes of the revisions (from, to], in order.
   *
   * @param changes of the whole store
   * @param digests at its end, of the namespaces that changed in it; empty if they are not known
   * @param fromMemory whether it surely is complete; what comes from the store lacks what was
   *     compacted
   */
  public record Slice(
      Revision from,
      Revision to,
      List<ConfigVersion> changes,
      Map<NamespaceName, Checksum> digests,
      boolean fromMemory) {
    public Slice {
      changes = List.copyOf(changes);
      digests = Map.copyOf(digests);
    }
  }

  private record Published(
      List<ConfigVersion> changes, Revision to, Map<NamespaceName, Checksum> digests, long bytes) {}

  /** The newest revision published. */
  public synchronized Revision head() {
    return head;
  }

  /**
   * What is in memory.
   *
   * @param bytes of keys and contents
   */
  public record Held(int changes, long bytes) {}

  public synchronized Held held() {
    return new Held(recentChanges, recentBytes);
  }

  /**
   * Adds what was committed. It must be contiguous, and readable in the store.
   *
   * @param digests after it, of the namespaces that it changed
   */
  public synchronized void publish(
      Revision to, List<ConfigVersion> changes, Map<NamespaceName, Checksum> digests) {
    long bytes = changes.stream().mapToLong(Feed::sizeOf).sum();
    recent.put(to, new Published(changes, to, digests, bytes));
    recentChanges += changes.size();
    recentBytes += bytes;
    head = to;
    while (recentChanges > maxChanges || recentBytes > maxBytes) {
      dropOldest();
    }
    notifyAll();
  }

  /** The store was replaced by a newer one: only the store knows what lies between. */
  public synchronized void reset(Revision to) {
    recent.clear();
    recentChanges = 0;
    recentBytes = 0;
    head = to;
    before = to;
    notifyAll();
  }

  private void dropOldest() {
    Published oldest = recent.pollFirstEntry().getValue();
    recentChanges -= oldest.changes.size();
    recentBytes -= oldest.bytes;
    before = oldest.to;
  }

  private static long sizeOf(ConfigVersion change) {
    return change.key().bytes().size() + change.sizeBytes();
  }

  /**
   * Waits for something after a revision.
   *
   * @param millis the longest wait
   */
  synchronized void await(Revision from, long millis) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    long left = millis;
    while (left > 0 && !head.isAfter(from)) {
      wait(left);
      left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    }
  }

  /**
   * What came after a revision, up to a number of changes and {@link #MAX_SLICE_BYTES}; at least one
   * whole revision if there is one.
   */
  public Slice read(Revision from, int limit) {
    return read(from, limit, change -> true);
  }

  /**
   * Like {@link #read(Revision, int)}, for one who wants only some of the changes. Of what comes from the
   * store, others are left out, and do not count.
   */
  Slice read(Revision from, int limit, Predicate<ConfigVersion> wanted) {
    Slice fromMemory = readRecent(from, limit);
    return fromMemory != null ? fromMemory : readStored(from, limit, wanted);
  }

  private synchronized @Nullable Slice readRecent(Revision from, int limit) {
    if (from.isBefore(before)) {
      return null;
    }
    var changes = new ArrayList<ConfigVersion>();
    var digests = new HashMap<NamespaceName, Checksum>();
    Revision to = from;
    long bytes = 0;
    for (Published published : recent.tailMap(from, false).values()) {
      if (changes.size() >= limit || bytes >= MAX_SLICE_BYTES) {
        return new Slice(from, to, changes, digests, true);
      }
      for (ConfigVersion change : published.changes) {
        if (!change.revision().isAfter(from)) {
          continue;
        }
        boolean full = changes.size() >= limit || bytes >= MAX_SLICE_BYTES;
        if (full && change.revision().isAfter(to)) {
          // in the middle of what was published at once: nobody knows the digests here
          return new Slice(from, to, changes, Map.of(), true);
        }
        changes.add(change);
        bytes += sizeOf(change);
        to = change.revision();
      }
      to = published.to;
      digests.putAll(published.digests);
    }
    return new Slice(from, Revision.max(from, head), changes, digests, true);
  }

  private Slice readStored(Revision from, int limit, Predicate<ConfigVersion> wanted) {
    var collected = new Collected(from, head(), limit, wanted);
    store.read(reader -> {
      reader.changes(from.next(), placed -> collected.add(placed.version()));
      return true;
    });
    return new Slice(from, collected.to(), collected.changes, Map.of(), false);
  }

  /** Takes changes in order up to a bound, and never a part of a revision. */
  private static final class Collected {
    private final Revision newest;
    private final int limit;
    private final Predicate<ConfigVersion> wanted;
    private final List<ConfigVersion> changes = new ArrayList<>();
    private Revision last;
    private long bytes;
    private int lookedAt;
    private boolean cut;

    Collected(Revision from, Revision newest, int limit, Predicate<ConfigVersion> wanted) {
      this.newest = newest;
      this.limit = limit;
      this.wanted = wanted;
      this.last = from;
    }

    /** Whether to go on. */
    boolean add(ConfigVersion change) {
      if (change.revision().isAfter(newest)) {
        return false;
      }
      if (isFull() && change.revision().isAfter(last)) {
        cut = true;
        return false;
      }
      lookedAt++;
      last = change.revision();
      if (wanted.test(change)) {
        changes.add(change);
        bytes += sizeOf(change);
      }
      return true;
    }

    private boolean isFull() {
      return changes.size() >= limit || bytes >= MAX_SLICE_BYTES || lookedAt >= MAX_LOOKED_AT;
    }

    Revision to() {
      return cut ? last : Revision.max(last, newest);
    }
  }
}
