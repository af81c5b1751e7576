package io.syncline.conflict;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import com.github.difflib.algorithm.myers.MyersDiffWithLinearSpace;
import com.github.difflib.patch.AbstractDelta;
import com.github.difflib.patch.ChangeDelta;
import com.github.difflib.patch.Chunk;
import com.github.difflib.patch.Patch;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What differs between two contents, by line. */
public final class TextDiff {
  /** The most lines compared: the algorithm's time grows with lines times differences. */
  static final int MAX_LINES = 20_000;

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
        DiffUtils.diff(fromLines.get(), toLines.get(), new MyersDiffWithLinearSpace<String>());
    List<String> unified = UnifiedDiffUtils.generateUnifiedDiff(
        fromName, toName, fromLines.get(), joined(patch), contextLines);
    return new Result(true, String.join("\n", unified) + "\n", false);
  }

  /**
   * The linear-space algorithm reports a changed line as an insertion and a deletion at one place:
   * joined, they read as people expect, the old line before the new.
   */
  private static Patch<String> joined(Patch<String> patch) {
    var joined = new Patch<String>();
    AbstractDelta<String> last = null;
    for (AbstractDelta<String> delta : patch.getDeltas()) {
      if (last != null && touches(last, delta)) {
        last = new ChangeDelta<>(
            both(last.getSource(), delta.getSource()), both(last.getTarget(), delta.getTarget()));
        continue;
      }
      if (last != null) {
        joined.addDelta(last);
      }
      last = delta;
    }
    if (last != null) {
      joined.addDelta(last);
    }
    return joined;
  }

  private static boolean touches(AbstractDelta<String> first, AbstractDelta<String> second) {
    return end(first.getSource()) == second.getSource().getPosition()
        && end(first.getTarget()) == second.getTarget().getPosition();
  }

  private static int end(Chunk<String> chunk) {
    return chunk.getPosition() + chunk.size();
  }

  private static Chunk<String> both(Chunk<String> first, Chunk<String> second) {
    var lines = new ArrayList<>(first.getLines());
    lines.addAll(second.getLines());
    return new Chunk<>(first.getPosition(), lines);
  }

  /** The lines of a text; a last one without a newline says so, as unified diffs do. */
  private static Optional<List<String>> lines(ByteString content) {
    String text;
    try {
      text = StandardCharsets.UTF_8
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
