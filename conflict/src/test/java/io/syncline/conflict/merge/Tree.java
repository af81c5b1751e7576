package io.syncline.conflict.merge;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A configuration as tests make them up: fields with values and comments. A value is a scalar, a
 * {@code Tree}, or a {@code List<Tree>} whose elements each have a field {@code name}.
 */
final class Tree {
  final Map<String, Field> fields = new LinkedHashMap<>();

  /** A field; without a comment it is empty. */
  static final class Field {
    Object value;
    String comment;
    boolean blankBefore;

    Field(Object value, String comment, boolean blankBefore) {
      this.value = value;
      this.comment = comment;
      this.blankBefore = blankBefore;
    }

    Field copy() {
      return new Field(Tree.copyOf(value), comment, blankBefore);
    }
  }

  Tree copy() {
    var copy = new Tree();
    fields.forEach((key, field) -> copy.fields.put(key, field.copy()));
    return copy;
  }

  private static Object copyOf(Object value) {
    if (value instanceof Tree tree) {
      return tree.copy();
    }
    return value instanceof List<?>
        ? elements(value).stream().map(tree -> tree.copy()).toList()
        : value;
  }

  @SuppressWarnings("unchecked")
  static List<Tree> elements(Object value) {
    return (List<Tree>) value;
  }

  String name() {
    Field name = fields.get("name");
    return name == null ? "" : String.valueOf(name.value);
  }

  /** All trees in this one, itself first. */
  List<Tree> all() {
    List<Tree> all = new ArrayList<>();
    all.add(this);
    for (Field field : fields.values()) {
      if (field.value instanceof Tree tree) {
        all.addAll(tree.all());
      } else if (field.value instanceof List<?>) {
        elements(field.value).forEach(element -> all.addAll(element.all()));
      }
    }
    return all;
  }

  List<String> comments() {
    return all().stream()
        .flatMap(tree -> tree.fields.values().stream())
        .map(field -> field.comment)
        .filter(comment -> !comment.isEmpty())
        .toList();
  }

  /** What it means, as plain maps: lists by their elements' names, scalars as JSON. */
  static Object plain(Object value) {
    if (value instanceof Tree tree) {
      Map<String, Object> map = new TreeMap<>();
      tree.fields.forEach((key, field) -> map.put(key, plain(field.value)));
      return map;
    }
    if (value instanceof List<?>) {
      Map<String, Object> map = new TreeMap<>();
      elements(value).forEach(element -> map.put("- " + element.name(), plain(element)));
      return map;
    }
    return value instanceof String text ? text : "=" + value;
  }

  /** The same of a content that was read. */
  static Object plain(Node node) {
    if (node instanceof Node.Mapping mapping) {
      Map<String, Object> map = new TreeMap<>();
      mapping.entries().values().forEach(e -> map.put(e.key().value, plain(e.value())));
      return map;
    }
    if (node instanceof Node.Items items) {
      if (items.style == Node.Items.Style.DOCUMENTS) {
        return plain(items.nodes.get(0));
      }
      Map<String, Object> map = new TreeMap<>();
      items.nodes.forEach(element -> map.put("- " + nameOf(element), plain(element)));
      return map;
    }
    var scalar = (Node.Scalar) node;
    return scalar.isText ? scalar.value : "=" + scalar.value;
  }

  private static String nameOf(Node element) {
    Node name = ((Node.Mapping) element).value("name");
    return name instanceof Node.Scalar scalar ? scalar.value : "";
  }

  /** What a merge should mean, by the plainest rules; null if it is a conflict. */
  static @Nullable Object merge(@Nullable Object b, @Nullable Object o, @Nullable Object t) {
    var conflicts = new ArrayList<String>();
    Object merged = merge(b, o, t, conflicts);
    return conflicts.isEmpty() ? merged : null;
  }

  private static @Nullable Object merge(
      @Nullable Object b, @Nullable Object o, @Nullable Object t, List<String> conflicts) {
    if (same(o, t) || same(b, t)) {
      return o;
    }
    if (same(b, o)) {
      return t;
    }
    Object known = b == null ? Map.of() : b;
    if (!(o instanceof Map<?, ?> ours)
        || !(t instanceof Map<?, ?> theirs)
        || !(known instanceof Map<?, ?> base)) {
      conflicts.add("conflict");
      return o;
    }
    Map<Object, Object> merged = new TreeMap<>();
    List<Object> keys = new ArrayList<>(ours.keySet());
    keys.addAll(theirs.keySet());
    for (Object key : keys) {
      Object value = merge(base.get(key), ours.get(key), theirs.get(key), conflicts);
      if (value != null) {
        merged.put(key, value);
      }
    }
    return merged;
  }

  private static boolean same(@Nullable Object one, @Nullable Object other) {
    return one == null ? other == null : one.equals(other);
  }
}
