package io.syncline.conflict.merge;

import com.google.protobuf.ByteString;
import io.syncline.conflict.merge.MergeResult.Conflicted;
import io.syncline.conflict.merge.MergeResult.Merged;
import io.syncline.conflict.merge.MergeResult.Refused;
import io.syncline.conflict.merge.PathConflict.Cause;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Merges two contents that were made from one.
 *
 * <p>JSON, YAML and properties are merged by structure and, apart from that, by line; only if the
 * two agree, or the lines collide and a text made from the structure is read back as just that, is
 * there a result. Other text is merged by line. Contents that cannot be read in their format are
 * merged as text, and the result says so. Pure and without state: any thread may call it. The time
 * it takes grows about linearly with the size of the contents.
 */
public final class ThreeWayMerge {
  private ThreeWayMerge() {}

  /**
   * Merges.
   *
   * @param format how to read the contents; see {@link Format#of}
   * @return what is certain, or the paths in conflict, or a refusal of what is beyond a bound
   */
  public static MergeResult merge(MergeSides sides, Format format, MergeOptions options) {
    ByteString ours = sides.ours();
    ByteString theirs = sides.theirs();
    if (ours == null && theirs == null) {
      return new Merged(null, MergeMethod.ONE_SIDE, format, "");
    }
    Optional<String> tooLarge = tooLarge(sides, options);
    if (tooLarge.isPresent()) {
      return new Refused(tooLarge.get(), format);
    }
    if (same(ours, theirs) || same(sides.base(), theirs)) {
      return new Merged(ours, MergeMethod.ONE_SIDE, format, "");
    }
    if (same(sides.base(), ours)) {
      return new Merged(theirs, MergeMethod.ONE_SIDE, format, "");
    }
    if (ours == null || theirs == null) {
      String detail = ours == null
          ? "ours deleted the key and theirs changed it"
          : "theirs deleted the key and ours changed it";
      return whole(sides, Cause.CHANGED_AND_DELETED, detail, format);
    }
    return mergeTexts(sides, ours, theirs, format, options);
  }

  /**
   * Whether two contents mean the same: in the order of keys, in layout, comments and notation they
   * may differ.
   *
   * @return false, too, if they differ and one cannot be read in the format
   */
  public static boolean meansTheSame(
      ByteString one, ByteString other, Format format, MergeOptions options) {
    Optional<String> text = Layout.decode(one);
    Optional<String> otherText = Layout.decode(other);
    if (one.equals(other) || format == Format.TEXT || text.isEmpty() || otherText.isEmpty()) {
      return one.equals(other);
    }
    try {
      var plain = new Layout(false, Layout.Ends.LF);
      Document read = Document.read(format, plain.plain(text.get()), options);
      return read.root.means(Document.read(format, plain.plain(otherText.get()), options).root);
    } catch (MalformedContent | BeyondBounds e) {
      return false;
    }
  }

  private static boolean same(@Nullable ByteString one, @Nullable ByteString other) {
    return one != null && one.equals(other);
  }

  private static Optional<String> tooLarge(MergeSides sides, MergeOptions options) {
    return Stream.of(
            Optional.ofNullable(sides.base()),
            Optional.ofNullable(sides.ours()),
            Optional.ofNullable(sides.theirs()))
        .flatMap(Optional::stream)
        .mapToInt(ByteString::size)
        .filter(size -> size > options.maxSizeBytes())
        .boxed()
        .findFirst()
        .map(size ->
            "a content of " + size + " bytes (expected: at most " + options.maxSizeBytes() + ")");
  }

  private static MergeResult mergeTexts(
      MergeSides sides, ByteString ours, ByteString theirs, Format format, MergeOptions options) {
    ByteString base = sides.base();
    Optional<String> baseText = base == null ? Optional.of("") : Layout.decode(base);
    Optional<String> oursText = Layout.decode(ours);
    Optional<String> theirsText = Layout.decode(theirs);
    if (baseText.isEmpty() || oursText.isEmpty() || theirsText.isEmpty()) {
      return whole(sides, Cause.BOTH_CHANGED, "a content is no UTF-8 text", Format.TEXT);
    }
    Layout layout = Layout.merge(
        base == null ? null : Layout.of(baseText.get()),
        Layout.of(oursText.get()),
        Layout.of(theirsText.get()));
    var texts = new TextMerge(
        base == null ? null : layout.plain(baseText.get()),
        layout.plain(oursText.get()),
        layout.plain(theirsText.get()),
        format,
        options);
    return bounded(texts.merge(), layout, options);
  }

  /** Encodes the merged text. Two contents within the bound may add up to one beyond it. */
  private static MergeResult bounded(TextMerge.Result result, Layout layout, MergeOptions options) {
    if (result instanceof TextMerge.Failure failure) {
      return failure.result();
    }
    var merged = (TextMerge.Text) result;
    ByteString content = layout.encode(merged.text());
    if (content.size() > options.maxSizeBytes()) {
      return new Refused(
          "a merged content of " + content.size() + " bytes (expected: at most "
              + options.maxSizeBytes() + ")",
          merged.format());
    }
    return new Merged(content, merged.method(), merged.format(), merged.note());
  }

  private static Conflicted whole(MergeSides sides, Cause cause, String detail, Format format) {
    var conflict = new PathConflict(
        ContentPath.ROOT.toString(),
        cause,
        detail,
        excerpt(sides.base()),
        excerpt(sides.ours()),
        excerpt(sides.theirs()));
    return new Conflicted(List.of(conflict), format, "");
  }

  private static @Nullable String excerpt(@Nullable ByteString content) {
    if (content == null) {
      return null;
    }
    int mostUtf8BytesOfUnit = 3;
    int shown = Math.min(content.size(), mostUtf8BytesOfUnit * PathConflict.MAX_EXCERPT_CHARS);
    return Layout.decode(content).isPresent()
        ? content.substring(0, shown).toStringUtf8()
        : "(" + content.size() + " bytes, no UTF-8 text)";
  }
}
