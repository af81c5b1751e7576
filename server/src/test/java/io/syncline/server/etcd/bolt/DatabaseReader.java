package io.syncline.server.etcd.bolt;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Walks a file of bbolt from its meta pages and holds it to what bbolt takes for granted: valid metas,
 * every page reached once, keys in order, each branch with the first keys of two pages or more.
 */
final class DatabaseReader {
  private static final int PAGE_BYTES = 4096;
  private static final int BRANCH = 1;
  private static final int LEAF = 2;
  private static final int META = 4;
  private static final int FREELIST = 16;

  private final ByteBuffer file;
  private final BitSet reached = new BitSet();
  private final Map<String, List<Entry>> buckets = new LinkedHashMap<>();
  private int depth;

  record Entry(ByteString key, ByteString value) {}

  private DatabaseReader(ByteBuffer file) {
    this.file = file.order(ByteOrder.LITTLE_ENDIAN);
  }

  static DatabaseReader read(Path path) throws IOException {
    var reader = new DatabaseReader(ByteBuffer.wrap(Files.readAllBytes(path)));
    reader.readAll();
    return reader;
  }

  /** In the order of the file. */
  List<String> names() {
    return List.copyOf(buckets.keySet());
  }

  /** What a bucket has, in order. */
  List<Entry> bucket(String name) {
    return Objects.requireNonNull(buckets.get(name), name);
  }

  /** How many levels of pages the deepest tree has. */
  int depth() {
    return depth;
  }

  private void readAll() {
    assertThat(file.capacity() % PAGE_BYTES).isZero();
    long pages = file.capacity() / PAGE_BYTES;
    for (int id = 0; id < 2; id++) {
      requireMeta(id, pages);
      reached.set(id);
    }
    int meta = PAGE_BYTES + 16;
    reachFreelist(file.getLong(meta + 32));
    for (Entry bucket : tree(file.getLong(meta + 16), true)) {
      buckets.put(bucket.key().toStringUtf8(), contents(bucket.value()));
    }
    assertThat(reached.cardinality()).as("reached pages").isEqualTo((int) pages);
  }

  private void requireMeta(int id, long pages) {
    int at = id * PAGE_BYTES;
    assertThat(file.getLong(at)).isEqualTo(id);
    assertThat(file.getShort(at + 8)).isEqualTo((short) META);
    int meta = at + 16;
    assertThat(file.getInt(meta)).isEqualTo(0xED0CDAED);
    assertThat(file.getInt(meta + 4)).isEqualTo(2);
    assertThat(file.getInt(meta + 8)).isEqualTo(PAGE_BYTES);
    assertThat(file.getLong(meta + 40)).as("pages").isEqualTo(pages);
    assertThat(file.getLong(meta + 48)).as("transaction").isEqualTo(id);
    long checksum = 0xcbf29ce484222325L;
    for (int byteAt = meta; byteAt < meta + 56; byteAt++) {
      checksum ^= Byte.toUnsignedLong(file.get(byteAt));
      checksum *= 0x100000001b3L;
    }
    assertThat(file.getLong(meta + 56)).as("checksum").isEqualTo(checksum);
  }

  private void reachFreelist(long id) {
    ByteBuffer page = page(id);
    assertThat(page.getShort(8)).as("kind").isEqualTo((short) FREELIST);
    assertThat(page.getShort(10)).as("free pages").isZero();
  }

  private List<Entry> contents(ByteString bucket) {
    ByteBuffer value = bucket.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    long root = value.getLong(0);
    if (root != 0) {
      assertThat(bucket.size()).isEqualTo(16);
      return tree(root, false);
    }
    assertThat(bucket.size()).isLessThanOrEqualTo(16 + PAGE_BYTES / 4);
    var entries = new ArrayList<Entry>();
    ByteBuffer inline = value.position(16).slice().order(ByteOrder.LITTLE_ENDIAN);
    assertThat(inline.getShort(8)).as("kind").isEqualTo((short) LEAF);
    readLeaf(inline, false, entries);
    return entries;
  }

  private List<Entry> tree(long root, boolean ofBuckets) {
    var entries = new ArrayList<Entry>();
    walk(root, ofBuckets, 1, entries);
    for (int at = 1; at < entries.size(); at++) {
      assertThat(compare(entries.get(at - 1).key(), entries.get(at).key())).isNegative();
    }
    return entries;
  }

  private void walk(long id, boolean ofBuckets, int level, List<Entry> entries) {
    depth = Math.max(depth, level);
    ByteBuffer page = page(id);
    if (page.getShort(8) == LEAF) {
      readLeaf(page, ofBuckets, entries);
      return;
    }
    assertThat(page.getShort(8)).as("kind").isEqualTo((short) BRANCH);
    int count = Short.toUnsignedInt(page.getShort(10));
    assertThat(count).as("children").isGreaterThanOrEqualTo(2);
    for (int at = 16; at < 16 + 16 * count; at += 16) {
      ByteString key = bytes(page, at + page.getInt(at), page.getInt(at + 4));
      int before = entries.size();
      walk(page.getLong(at + 8), ofBuckets, level + 1, entries);
      assertThat(entries.get(before).key()).as("a child's first key").isEqualTo(key);
    }
  }

  private static void readLeaf(ByteBuffer page, boolean ofBuckets, List<Entry> entries) {
    int count = Short.toUnsignedInt(page.getShort(10));
    for (int at = 16; at < 16 + 16 * count; at += 16) {
      assertThat(page.getInt(at)).as("flags").isEqualTo(ofBuckets ? 1 : 0);
      int keyAt = at + page.getInt(at + 4);
      int keyBytes = page.getInt(at + 8);
      entries.add(new Entry(
          bytes(page, keyAt, keyBytes), bytes(page, keyAt + keyBytes, page.getInt(at + 12))));
    }
  }

  /** With the pages that belong to it; each page once. */
  private ByteBuffer page(long id) {
    int at = Math.toIntExact(id * PAGE_BYTES);
    assertThat(file.getLong(at)).as("id of page").isEqualTo(id);
    int pages = 1 + file.getInt(at + 12);
    for (int page = (int) id; page < id + pages; page++) {
      assertThat(reached.get(page)).as("page %s was reached before", page).isFalse();
      reached.set(page);
    }
    return file.slice(at, pages * PAGE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteString bytes(ByteBuffer page, int at, int length) {
    return ByteString.copyFrom(page.slice(at, length));
  }

  private static int compare(ByteString one, ByteString other) {
    return ByteString.unsignedLexicographicalComparator().compare(one, other);
  }
}
