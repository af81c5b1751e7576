package io.syncline.conflict.merge;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** A content that was read in its format: text, tree, comments and lines. */
final class Document {
  final String text;
  final Node root;

  /** Each comment from its mark on, without surrounding blanks, in the order of the text. */
  final List<String> comments;

  final Set<String> commentSet;

  private final int[] lineStarts;

  Document(String text, Node root, List<String> comments) {
    this.text = text;
    this.root = root;
    this.comments = comments;
    this.commentSet = Set.copyOf(comments);
    this.lineStarts = lineStarts(text);
  }

  /**
   * Reads a content.
   *
   * @param format any but text
   */
  static Document read(Format format, String text, MergeOptions options)
      throws MalformedContent, BeyondBounds {
    return switch (format) {
      case JSON -> new Document(text, JsonTree.read(text, options), List.of());
      case YAML -> {
        Node root = YamlTree.read(text, options);
        yield new Document(text, root, YamlComments.of(text, root));
      }
      case PROPERTIES -> PropertiesTree.read(text, options);
      case TEXT -> throw new IllegalArgumentException("text has no structure to read");
    };
  }

  String slice(Node node) {
    return text.substring(node.start, node.end);
  }

  private static int[] lineStarts(String text) {
    var starts = new int[16];
    int count = 1;
    for (int at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
      if (count == starts.length) {
        starts = Arrays.copyOf(starts, 2 * count);
      }
      starts[count++] = at + 1;
    }
    return Arrays.copyOf(starts, count);
  }

  /** The number of the line, from 0, in which an offset stands. */
  int line(int offset) {
    int found = Arrays.binarySearch(lineStarts, offset);
    return found >= 0 ? found : -found - 2;
  }

  int lineStart(int line) {
    return lineStarts[line];
  }

  /** After the line's end, its newline included. */
  int lineEnd(int line) {
    return line + 1 < lineStarts.length ? lineStarts[line + 1] : text.length();
  }

  int column(int offset) {
    return offset - lineStart(line(offset));
  }

  boolean sameLine(int one, int other) {
    return line(one) == line(other);
  }

  /** How many blanks an offset's line begins with. */
  int indentation(int offset) {
    int at = lineStart(line(offset));
    int first = at;
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    return at - first;
  }

  boolean isBlank(int from, int to) {
    for (int at = from; at < to; at++) {
      if (!Character.isWhitespace(text.charAt(at))) {
        return false;
      }
    }
    return true;
  }

  /** What ends a line where the document does not say: its first line's end. */
  String newline() {
    int first = text.indexOf('\n');
    return first > 0 && text.charAt(first - 1) == '\r' ? "\r\n" : "\n";
  }
}
