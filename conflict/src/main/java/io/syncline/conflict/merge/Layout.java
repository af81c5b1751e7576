package io.syncline.conflict.merge;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is the same for a whole text: its byte order mark, and how its lines end. Merged apart from
 * the lines, so that a side which changed one of them does not seem to have changed every line.
 */
record Layout(boolean mark, Ends ends) {
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  enum Ends {
    NONE,
    LF,
    CRLF,
    MIXED
  }

  /** The text of a content, or empty if it is no UTF-8. */
  static Optional<String> decode(ByteString content) {
    try {
      return Optional.of(StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(content.toByteArray()))
          .toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  static Layout of(String text) {
    return new Layout(text.startsWith(BYTE_ORDER_MARK), ends(text));
  }

  private static Ends ends(String text) {
    boolean lf = false;
    boolean crlf = false;
    for (int at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
      boolean both = at > 0 && text.charAt(at - 1) == '\r';
      lf |= !both;
      crlf |= both;
    }
    if (lf && crlf) {
      return Ends.MIXED;
    }
    return lf ? Ends.LF : crlf ? Ends.CRLF : Ends.NONE;
  }

  /**
   * The layout of a merge.
   *
   * @return with {@link Ends#MIXED} where line ends are to stay what they are in each line
   */
  static Layout merge(@Nullable Layout base, Layout ours, Layout theirs) {
    boolean unchanged = base != null && ours.mark == base.mark;
    boolean mark = unchanged ? theirs.mark : ours.mark;
    return new Layout(
        mark, mergeEnds(base == null ? Ends.NONE : base.ends, ours.ends, theirs.ends));
  }

  private static Ends mergeEnds(Ends base, Ends ours, Ends theirs) {
    if (base == Ends.MIXED || ours == Ends.MIXED || theirs == Ends.MIXED || ours == theirs) {
      return Ends.MIXED;
    }
    if (ours == Ends.NONE || theirs == Ends.NONE) {
      return ours == Ends.NONE ? theirs : ours;
    }
    return base == ours ? theirs : ours;
  }

  /** A side's text, without what this layout puts back in the end. */
  String plain(String text) {
    String body = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    return ends == Ends.MIXED ? body : body.replace("\r\n", "\n");
  }

  ByteString encode(String plain) {
    String body = ends == Ends.CRLF ? plain.replace("\n", "\r\n") : plain;
    return ByteString.copyFromUtf8(mark ? BYTE_ORDER_MARK + body : body);
  }
}
