package io.syncline.conflict;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import com.github.difflib.algorithm.myers.MyersDiffWithLinearSpace;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What differs between two contents, by line. */
public final class TextDiff {
  /** The most lines compared: the algorithm's time grows with lines times differences. */
  static final int MAX_LINES = 50_000;

  private static final String NO_NEWLINE = "\\ No newline at end of file";

  private TextDiff() {}

  /**
   * @param differs whether the contents differ at all
   * @param unified a unified diff; empty if they do not differ, or have no lines to compare
   * @param binary whether a side is no UTF-8 text, or has more than {@link #MAX_LINES} lines
   */
  public record Result(boolean differs, String unified, boolean binary) {}

  /**
   * Compares two contents.
   *
   * @param contextLines unchanged lines shown around each difference
   */
  public static Result between(
      ByteString from, ByteString to, String fromName, String toName, int contextLines) {
    if (from.equals(to)) {
      return new Result(false, "", false);
    }
    Optional<List<String>> fromLines = lines(from);
    Optional<List<String>> toLines = lines(to);
    if (fromLines.isEmpty() || toLines.isEmpty()) {
      return new Result(true, "", true);
    }
    var patch =
        DiffUtils.diff(
            fromLines.get(), toLines.get(), new MyersDiffWithLinearSpace<String>());
    List<String> unified =
        UnifiedDiffUtils.generateUnifiedDiff(
            fromName, toName, fromLines.get(), patch, contextLines);
    return new Result(true, String.join("\n", unified) + "\n", false);
  }

  /** The lines of a text; a last one without a newline says so, as unified diffs do. */
  private static Optional<List<String>> lines(ByteString content) {
    String text;
    try {
      text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(content.toByteArray()))
              .toString();
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
    if (text.isEmpty()) {
      return Optional.of(List.of());
    }
    boolean complete = text.endsWith("\n");
    String body = complete ? text.substring(0, text.length() - 1) : text;
    List<String> lines = Arrays.asList(body.split("\n", -1));
    if (!complete) {
      lines.set(lines.size() - 1, lines.get(lines.size() - 1) + "\n" + NO_NEWLINE);
    }
    return lines.size() > MAX_LINES ? Optional.empty() : Optional.of(lines);
  }
}
