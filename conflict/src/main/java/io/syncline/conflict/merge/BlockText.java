package io.syncline.conflict.merge;

import java.util.function.Predicate;

/** Where parts of a text that are set apart by lines and indentation begin and end. */
final class BlockText {
  private BlockText() {}

  /** After the end of the last line of what ends here, a comment behind it included. */
  static int end(Document document, int start, int end) {
    return document.lineEnd(document.line(Math.max(start, end - 1)));
  }

  static boolean beginsLine(Document document, int start) {
    return document.isBlank(document.lineStart(document.line(start)), start);
  }

  /**
   * The beginning of the line, or of the comments right above it as far as they belong to it.
   *
   * @param foreign whether a comment may belong to something else
   */
  static int start(Document document, int start, Predicate<String> foreign) {
    int line = document.line(start);
    int column = document.column(start);
    while (line > 0
        && isComment(document, line - 1, column)
        && !foreign.test(text(document, line - 1))) {
      line--;
    }
    return document.lineStart(line);
  }

  static boolean followsComment(Document document, int lineStart) {
    int line = document.line(lineStart);
    return line > 0
        && isComment(document, line - 1, document.indentation(document.lineStart(line - 1)));
  }

  static boolean followsBlankLine(Document document, int lineStart) {
    int line = document.line(lineStart);
    return line > 1 && text(document, line - 1).isEmpty();
  }

  private static boolean isComment(Document document, int line, int column) {
    int at = document.lineStart(line) + column;
    return at < document.lineEnd(line)
        && document.indentation(document.lineStart(line)) == column
        && (document.text.charAt(at) == '#' || document.text.charAt(at) == '!');
  }

  private static String text(Document document, int line) {
    return document
        .text
        .substring(document.lineStart(line), document.lineEnd(line))
        .strip();
  }

  /** What stands behind a value on its line: nothing, or blanks and a comment. */
  static String trailing(Document document, int end) {
    return document.text.substring(end, trailingEnd(document, end));
  }

  static int trailingEnd(Document document, int end) {
    int lineEnd = document.lineEnd(document.line(Math.max(0, end - 1)));
    int at = Math.max(end, lineEnd);
    while (at > end && "\r\n".indexOf(document.text.charAt(at - 1)) >= 0) {
      at--;
    }
    return at;
  }

  /** Lines moved to the right or left, with line ends as the place they move to has them. */
  static String moved(String lines, int columns, boolean firstToo, String newline) {
    var moved = new StringBuilder(lines.length());
    int number = 0;
    for (String line : Lines.of(lines).all()) {
      String body = line.stripTrailing();
      String blanks = line.substring(body.length()).replace("\r", "").replace("\n", "");
      boolean ended = line.endsWith("\n");
      boolean shifts = !body.isEmpty() && (firstToo || number > 0);
      moved.append(shifts ? shifted(body, columns) : body).append(blanks);
      moved.append(ended ? newline : "");
      number++;
    }
    return moved.toString();
  }

  private static String shifted(String line, int columns) {
    if (columns >= 0) {
      return " ".repeat(columns) + line;
    }
    int at = 0;
    while (at < -columns && at < line.length() && line.charAt(at) == ' ') {
      at++;
    }
    return line.substring(at);
  }
}
