package io.syncline.ops.output;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Columns of text under a heading, as wide as what is in them. Numbers are right-aligned. Control
 * characters in a cell are shown as spaces: whoever wrote a reason must not draw on the terminal.
 */
public final class Table {
  private static final String GAP = "  ";

  private final List<String> heading;
  private final boolean[] rightAligned;
  private final List<List<String>> rows = new ArrayList<>();

  /** A heading that begins with '>' makes its column right-aligned. */
  public Table(String... headings) {
    this.rightAligned = new boolean[headings.length];
    for (int i = 0; i < headings.length; i++) {
      rightAligned[i] = headings[i].startsWith(">");
    }
    this.heading =
        Arrays.stream(headings).map(h -> h.startsWith(">") ? h.substring(1) : h).toList();
  }

  /**
   * @throws IllegalArgumentException if these are not as many cells as there are columns
   */
  public Table row(Object... cells) {
    if (cells.length != heading.size()) {
      throw new IllegalArgumentException(
          "row: " + cells.length + " cells (expected: " + heading.size() + ")");
    }
    rows.add(Arrays.stream(cells).map(cell -> plain(cell.toString())).toList());
    return this;
  }

  public void print(PrintStream out) {
    int[] widths = new int[heading.size()];
    widen(widths, heading);
    rows.forEach(row -> widen(widths, row));
    out.println(line(widths, heading));
    rows.forEach(row -> out.println(line(widths, row)));
  }

  private static void widen(int[] widths, List<String> cells) {
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Math.max(widths[i], width(cells.get(i)));
    }
  }

  private String line(int[] widths, List<String> cells) {
    var line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String padding = " ".repeat(widths[i] - width(cells.get(i)));
      line.append(i == 0 ? "" : GAP)
          .append(rightAligned[i] ? padding + cells.get(i) : cells.get(i) + padding);
    }
    return line.toString().stripTrailing();
  }

  private static int width(String cell) {
    return cell.codePointCount(0, cell.length());
  }

  /** One line without control characters. */
  public static String plain(String text) {
    return text.codePoints()
        .map(c -> Character.isISOControl(c) ? ' ' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
