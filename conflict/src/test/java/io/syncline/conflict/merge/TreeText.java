package io.syncline.conflict.merge;

import java.util.List;
import java.util.Map;

/** Writes made-up configurations, each part always in the same way, whatever stands around it. */
final class TreeText {
  private final StringBuilder text = new StringBuilder();
  private final Format format;

  private TreeText(Format format) {
    this.format = format;
  }

  static String of(Tree tree, Format format) {
    var text = new TreeText(format);
    if (format == Format.JSON) {
      text.json(tree, 0);
      text.text.append('\n');
    } else {
      text.lines(tree, 0, true);
    }
    return text.text.toString();
  }

  private void json(Object value, int indent) {
    if (value instanceof Tree tree) {
      jsonFields(tree, indent);
    } else if (value instanceof List<?>) {
      jsonElements(Tree.elements(value), indent);
    } else {
      text.append(quoted(value));
    }
  }

  private void jsonFields(Tree tree, int indent) {
    text.append('{');
    String separator = "\n";
    for (Map.Entry<String, Tree.Field> field : tree.fields.entrySet()) {
      text.append(separator).append(" ".repeat(indent + 2)).append(quoted(field.getKey()));
      text.append(": ");
      json(field.getValue().value, indent + 2);
      separator = ",\n";
    }
    text.append(tree.fields.isEmpty() ? "}" : "\n" + " ".repeat(indent) + "}");
  }

  private void jsonElements(List<Tree> elements, int indent) {
    text.append('[');
    String separator = "\n";
    for (Tree element : elements) {
      text.append(separator).append(" ".repeat(indent + 2));
      json(element, indent + 2);
      separator = ",\n";
    }
    text.append(elements.isEmpty() ? "]" : "\n" + " ".repeat(indent) + "]");
  }

  private void lines(Tree tree, int indent, boolean beginsLine) {
    boolean first = !beginsLine;
    for (Map.Entry<String, Tree.Field> entry : tree.fields.entrySet()) {
      Tree.Field field = entry.getValue();
      if (!first) {
        above(field, indent);
        text.append(" ".repeat(indent));
      }
      first = false;
      if (format == Format.PROPERTIES) {
        text.append(entry.getKey()).append(" = ").append(escaped(field.value)).append('\n');
      } else {
        text.append(plainOrQuoted(entry.getKey())).append(':');
        yaml(field, indent);
      }
    }
  }

  private void above(Tree.Field field, int indent) {
    text.append(field.blankBefore ? "\n" : "");
    if (!field.comment.isEmpty() && isAbove(field)) {
      text.append(" ".repeat(indent)).append(field.comment).append('\n');
    }
  }

  /** Comments of properties stand above them; of YAML, behind short values now and then. */
  private boolean isAbove(Tree.Field field) {
    boolean container = field.value instanceof Tree || field.value instanceof List<?>;
    return format == Format.PROPERTIES || container || field.comment.length() % 2 == 0;
  }

  private void yaml(Tree.Field field, int indent) {
    if (field.value instanceof Tree tree && !tree.fields.isEmpty()) {
      text.append('\n');
      lines(tree, indent + 2, true);
    } else if (field.value instanceof List<?> list && !list.isEmpty()) {
      text.append('\n');
      for (Tree element : Tree.elements(field.value)) {
        text.append(" ".repeat(indent)).append("- ");
        lines(element, indent + 2, false);
      }
    } else {
      boolean behind = !field.comment.isEmpty() && !isAbove(field);
      text.append(' ').append(yamlScalar(field.value, indent + 2));
      text.append(behind ? " " + field.comment : "").append('\n');
    }
  }

  private static String yamlScalar(Object value, int indent) {
    if (value instanceof Tree) {
      return "{}";
    }
    if (value instanceof List<?>) {
      return "[]";
    }
    if (value instanceof String text && text.matches("[a-z]+\n[a-z]+\n")) {
      return "|\n" + " ".repeat(indent) + text.strip().replace("\n", "\n" + " ".repeat(indent));
    }
    return value instanceof String text ? plainOrQuoted(text) : String.valueOf(value);
  }

  private static String plainOrQuoted(String text) {
    boolean word = text.matches("[a-z]{3,}") && PlainScalars.isCertainlyText(text);
    return word ? text : quoted(text);
  }

  private static String quoted(Object value) {
    if (!(value instanceof String text)) {
      return String.valueOf(value);
    }
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }

  private static String escaped(Object value) {
    return String.valueOf(value).replace("\\", "\\\\").replace("\n", "\\n\\\n    ");
  }
}
