package io.syncline.conflict.merge;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes up configurations, and changes to them, from a seed. */
final class TreeSource {
  private static final List<String> WORDS = List.of(
      "port",
      "host",
      "image",
      "limits",
      "labels",
      "timeout",
      "replicas",
      "mode",
      "zone",
      "owner",
      "a b",
      "x.y",
      "ключ",
      "😀",
      "no",
      "1",
      "env",
      "path",
      "level",
      "ratio");

  private final Random random;
  private final Format format;
  private int comments;

  TreeSource(Random random, Format format) {
    this.random = random;
    this.format = format;
  }

  Tree tree() {
    Tree tree = tree(format == Format.PROPERTIES ? 1 : 4);
    put(tree, "first", scalar());
    return tree;
  }

  private Tree tree(int depth) {
    var tree = new Tree();
    int size = 1 + random.nextInt(6);
    for (int i = 0; i < size; i++) {
      put(tree, key(), value(depth - 1));
    }
    return tree;
  }

  private Object value(int depth) {
    int kind = depth <= 0 ? 0 : random.nextInt(5);
    return switch (kind) {
      case 3 -> tree(depth);
      case 4 -> elements(depth);
      default -> scalar();
    };
  }

  private List<Tree> elements(int depth) {
    List<Tree> elements = new ArrayList<>();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      add(elements, element(depth));
    }
    return elements;
  }

  private Tree element(int depth) {
    var element = new Tree();
    element.fields.put("name", new Tree.Field("n" + random.nextInt(50), "", false));
    tree(depth - 1).fields.forEach((key, field) -> {
      if (!key.equals("name")) {
        element.fields.put(key, field);
      }
    });
    return element;
  }

  private static void add(List<Tree> elements, Tree element) {
    if (elements.stream().noneMatch(other -> other.name().equals(element.name()))) {
      elements.add(element);
    }
  }

  private void put(Tree tree, String key, Object value) {
    tree.fields.put(key, new Tree.Field(value, comment(), random.nextInt(6) == 0));
  }

  private String comment() {
    boolean none = format == Format.JSON || random.nextInt(4) != 0;
    return none ? "" : "# note " + ++comments + (random.nextBoolean() ? "" : " more");
  }

  private String key() {
    String key = WORDS.get(random.nextInt(WORDS.size()));
    return format == Format.PROPERTIES ? key.replace(" ", "_") : key;
  }

  private Object scalar() {
    return switch (random.nextInt(7)) {
      case 0 -> random.nextInt(100);
      case 1 -> random.nextBoolean();
      case 2 -> "say \"" + random.nextInt(9) + "\" # no comment: \\ 😀";
      case 3 -> format == Format.YAML ? "one\ntwo\n" : "one\ntwo";
      default -> "word" + (char) ('a' + random.nextInt(26));
    };
  }

  /** Some fields or elements changed, added or taken away, and comments changed. */
  Tree changed(Tree tree, int changes) {
    Tree changed = tree.copy();
    for (int i = 0; i < changes; i++) {
      List<Tree> all = changed.all();
      change(all.get(random.nextInt(all.size())));
    }
    return changed;
  }

  private void change(Tree tree) {
    List<String> keys =
        tree.fields.keySet().stream().filter(key -> !key.equals("name")).toList();
    if (keys.isEmpty() || random.nextInt(4) == 0) {
      insert(tree, random.nextInt(tree.fields.size() + 1));
      return;
    }
    String key = keys.get(random.nextInt(keys.size()));
    Tree.Field field = tree.fields.get(key);
    if (field == null) {
      return;
    }
    switch (random.nextInt(5)) {
      case 0 -> {
        if (!key.equals("first") && tree.fields.size() > 1) {
          tree.fields.remove(key);
        }
      }
      case 1 -> field.comment = field.value instanceof Tree ? field.comment : comment();
      case 2 -> {
        if (field.value instanceof List<?>) {
          List<Tree> elements = new ArrayList<>(Tree.elements(field.value));
          if (random.nextBoolean() || elements.size() < 2) {
            add(elements, element(2));
          } else {
            elements.remove(random.nextInt(elements.size()));
          }
          field.value = elements;
        } else {
          field.value = scalar();
        }
      }
      default -> field.value = field.value instanceof Tree ? field.value : scalar();
    }
  }

  private void insert(Tree tree, int place) {
    String key = key();
    if (tree.fields.containsKey(key)) {
      return;
    }
    var fields = new ArrayList<>(tree.fields.entrySet());
    tree.fields.clear();
    for (int i = 0; i <= fields.size(); i++) {
      boolean named = i == 0 && !fields.isEmpty() && fields.get(0).getKey().equals("name");
      boolean afterName = i == 1 && place == 0;
      if (afterName || (i == place && !named)) {
        put(tree, key, value(format == Format.PROPERTIES ? 0 : 2));
      }
      if (i < fields.size()) {
        tree.fields.put(fields.get(i).getKey(), fields.get(i).getValue());
      }
    }
  }
}
