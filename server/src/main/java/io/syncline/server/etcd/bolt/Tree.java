package io.syncline.server.etcd.bolt;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A B+tree that is written from its leaves upwards, as its entries come in order. It holds one page of
 * each level: a page that is full goes to the file, and into the level above as its child. Several
 * trees may write to one file in turns. Not thread-safe.
 */
final class Tree {
  /** Smaller trees have no page of their own: they stand with their bucket. */
  private static final int MAX_INLINE_BYTES = Page.SIZE_BYTES / 4;

  private static final long NO_PAGE = 0;
  private static final long NO_SEQUENCE = 0;

  private static final Comparator<ByteString> BYTEWISE =
      ByteString.unsignedLexicographicalComparator();

  private final PageFile file;
  private final List<Page> levels = new ArrayList<>();
  private @Nullable ByteString lastKey;

  Tree(PageFile file) {
    this.file = file;
    levels.add(new Page(Page.Kind.LEAF));
  }

  /**
   * @throws IllegalArgumentException if the key is not after the last one
   */
  void put(ByteString key, ByteString value) throws IOException {
    put(new Element.Entry(key, value, false));
  }

  /** Makes a finished tree findable in this one. */
  void putBucket(ByteString name, Tree tree) throws IOException {
    put(new Element.Entry(name, tree.finishBucket(), true));
  }

  /** The id of the page that leads to all others. Nothing may be put after this. */
  long finish() throws IOException {
    int level = 0;
    // Closing a level may add one above.
    while (level < levels.size() - 1) {
      close(level);
      level++;
    }
    return file.append(levels.get(level));
  }

  private void put(Element.Entry entry) throws IOException {
    if (lastKey != null && BYTEWISE.compare(lastKey, entry.key()) >= 0) {
      throw new IllegalArgumentException(
          "key: " + hex(entry.key()) + " (expected: after " + hex(lastKey) + ")");
    }
    lastKey = entry.key();
    add(0, entry);
  }

  private void add(int level, Element element) throws IOException {
    if (level == levels.size()) {
      levels.add(new Page(Page.Kind.BRANCH));
    }
    if (!levels.get(level).hasRoomFor(element)) {
      // A branch must not end up with a single child, which the last of a level otherwise could.
      Element kept = level == 0 ? null : levels.get(level).removeLast();
      close(level);
      if (kept != null) {
        levels.get(level).add(kept);
      }
    }
    levels.get(level).add(element);
  }

  private void close(int level) throws IOException {
    Page full = levels.get(level);
    levels.set(level, new Page(level == 0 ? Page.Kind.LEAF : Page.Kind.BRANCH));
    add(level + 1, new Element.Child(full.firstKey(), file.append(full)));
  }

  /** A bucket's value: its root page and its sequence, and where there is no root page, its only leaf. */
  private ByteString finishBucket() throws IOException {
    boolean isInline = levels.size() == 1 && levels.get(0).sizeBytes() <= MAX_INLINE_BYTES;
    ByteBuffer header = ByteBuffer.allocate(2 * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(isInline ? NO_PAGE : finish()).putLong(NO_SEQUENCE).flip();
    ByteString place = ByteString.copyFrom(header);
    return isInline ? place.concat(levels.get(0).encodeInline()) : place;
  }

  private static String hex(ByteString key) {
    return HexFormat.of().formatHex(key.toByteArray());
  }
}
