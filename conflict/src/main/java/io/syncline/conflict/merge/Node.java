package io.syncline.conflict.merge;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A part of a content as it was read: what it means, and where it stands in the text.
 *
 * <p>Two nodes mean the same if any reader of the format would take them for the same: the order of
 * keys, quotes and layout do not count; YAML's tags and anchors do. An alias is compared by its
 * name and never expanded, for which a content may define a name only once.
 */
abstract sealed class Node {
  /** Where the node begins, its tag and anchor included, and where it ends, in UTF-16 units. */
  final int start;

  final int end;

  /** Tag and anchor as text, or empty. */
  final String properties;

  /** Equal for nodes that mean the same, and most probably only for them. */
  final long hash;

  private Node(int start, int end, String properties, long hash) {
    this.start = start;
    this.end = end;
    this.properties = properties;
    this.hash = mix(hash, properties.hashCode());
  }

  final boolean means(Node other) {
    return hash == other.hash && properties.equals(other.properties) && meansInside(other);
  }

  static boolean same(@Nullable Node one, @Nullable Node other) {
    if (one == null || other == null) {
      return one == null && other == null;
    }
    return one.means(other);
  }

  abstract boolean meansInside(Node other);

  private static long mix(long hash, long more) {
    long mixed = (hash ^ more * 0x9E3779B97F4A7C15L) * 0xBF58476D1CE4E5B9L;
    return mixed ^ (mixed >>> 31);
  }

  private static long textHash(String text) {
    long hash = text.length();
    for (int i = 0; i < text.length(); i++) {
      hash = hash * 1_000_003 + text.charAt(i);
    }
    return hash;
  }

  static final class Scalar extends Node {
    final String value;

    /** Whether it is text for certain; if not (numbers, booleans, null …) its notation counts. */
    final boolean isText;

    Scalar(int start, int end, String properties, String value, boolean isText) {
      super(start, end, properties, mix(textHash(value), isText ? 1 : 2));
      this.value = value;
      this.isText = isText;
    }

    /** Different for keys that a reader tells apart. */
    String identity() {
      return (isText ? "" : "\u0000" + properties + "\u0000") + value;
    }

    @Override
    boolean meansInside(Node other) {
      return other instanceof Scalar scalar
          && scalar.isText == isText
          && scalar.value.equals(value);
    }
  }

  static final class Alias extends Node {
    private final String anchor;

    Alias(int start, int end, String anchor) {
      super(start, end, "", mix(textHash(anchor), 3));
      this.anchor = anchor;
    }

    @Override
    boolean meansInside(Node other) {
      return other instanceof Alias alias && alias.anchor.equals(anchor);
    }
  }

  /**
   * A map.
   *
   * @see Mapping#get
   */
  static final class Mapping extends Node {
    /** Whether it is written in braces. */
    final boolean flow;

    private final Map<String, Entry> entries;

    Mapping(int start, int end, String properties, boolean flow, Map<String, Entry> entries) {
      super(start, end, properties, hashOf(entries));
      this.flow = flow;
      this.entries = entries;
    }

    private static long hashOf(Map<String, Entry> entries) {
      long hash = 4;
      for (Entry entry : entries.values()) {
        hash += mix(entry.key.hash, entry.value.hash);
      }
      return hash;
    }

    /** By the keys' identities, in the order of the text. */
    Map<String, Entry> entries() {
      return entries;
    }

    @Nullable
    Entry get(String identity) {
      return entries.get(identity);
    }

    @Nullable
    Node value(String identity) {
      Entry entry = entries.get(identity);
      return entry == null ? null : entry.value;
    }

    @Override
    boolean meansInside(Node other) {
      if (!(other instanceof Mapping mapping) || mapping.entries.size() != entries.size()) {
        return false;
      }
      return entries.entrySet().stream()
          .allMatch(e -> same(e.getValue().value, mapping.value(e.getKey())));
    }
  }

  /** A field of a map. */
  record Entry(Scalar key, Node value) {
    int start() {
      return key.start;
    }

    int end() {
      return Math.max(key.end, value.end);
    }

    static Map<String, Entry> inOrder(List<Entry> entries) throws MalformedContent {
      var byKey = new LinkedHashMap<String, Entry>(entries.size() * 2);
      for (Entry entry : entries) {
        if (byKey.putIfAbsent(entry.key.identity(), entry) != null) {
          throw new MalformedContent("a key stands twice in one map");
        }
      }
      return byKey;
    }
  }

  /** A list, or the documents of a YAML stream. */
  static final class Items extends Node {
    /** How the elements are set apart. */
    enum Style {
      BLOCK,
      FLOW,
      DOCUMENTS
    }

    final Style style;
    final List<Node> nodes;

    /** Of documents only: where each begins, with its marker if it has one. */
    final List<Integer> documentStarts;

    Items(int start, int end, String properties, Style style, List<Node> nodes) {
      this(start, end, properties, style, nodes, List.of());
    }

    private Items(
        int start,
        int end,
        String properties,
        Style style,
        List<Node> nodes,
        List<Integer> documentStarts) {
      super(start, end, properties, hashOf(nodes, style == Style.DOCUMENTS ? 6 : 5));
      this.style = style;
      this.nodes = nodes;
      this.documentStarts = documentStarts;
    }

    static Items documents(int end, List<Node> nodes, List<Integer> starts) {
      return new Items(0, end, "", Style.DOCUMENTS, nodes, starts);
    }

    private static long hashOf(List<Node> nodes, long seed) {
      long hash = seed;
      for (Node node : nodes) {
        hash = mix(hash, node.hash);
      }
      return hash;
    }

    @Override
    boolean meansInside(Node other) {
      if (!(other instanceof Items items) || items.nodes.size() != nodes.size()) {
        return false;
      }
      for (int i = 0; i < nodes.size(); i++) {
        if (!nodes.get(i).means(items.nodes.get(i))) {
          return false;
        }
      }
      return true;
    }
  }
}
