package io.syncline.conflict.merge;

import java.util.ArrayList;
import java.util.List;

/** The comments of a YAML text: what begins with a mark after a blank, outside all scalars. */
final class YamlComments {
  private final String text;
  private final List<String> found = new ArrayList<>();
  private int at;

  private YamlComments(String text) {
    this.text = text;
  }

  static List<String> of(String text, Node root) {
    if (text.indexOf('#') < 0) {
      return List.of();
    }
    var comments = new YamlComments(text);
    comments.walk(root);
    comments.scanTo(text.length());
    return List.copyOf(comments.found);
  }

  private void walk(Node node) {
    if (node instanceof Node.Mapping mapping) {
      for (Node.Entry entry : mapping.entries().values()) {
        walk(entry.key());
        walk(entry.value());
      }
    } else if (node instanceof Node.Items items) {
      items.nodes.forEach(this::walk);
    } else {
      scanTo(node.start);
      at = Math.max(at, node.end);
    }
  }

  private void scanTo(int end) {
    while (at < end) {
      boolean begins =
          text.charAt(at) == '#' && (at == 0 || Character.isWhitespace(text.charAt(at - 1)));
      if (!begins) {
        at++;
        continue;
      }
      int lineEnd = text.indexOf('\n', at);
      int stop = lineEnd < 0 ? text.length() : lineEnd;
      found.add(text.substring(at, stop).strip());
      at = stop;
    }
  }
}
