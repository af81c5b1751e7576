package io.syncline.conflict.merge;

import io.syncline.conflict.merge.Merged.Side;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes a merge into a text that says most of it already: what differs is taken from the side that
 * has it, moved to the indentation of its new place. Whether the result says the merge is for the
 * caller to verify.
 */
final class Splice {
  final Document target;
  final Edits edits = new Edits();
  private final Document ours;
  private final Document theirs;
  private final Set<String> baseComments;
  private final List<String> idKeys;

  private Splice(
      Document target,
      Document ours,
      Document theirs,
      Set<String> baseComments,
      List<String> idKeys) {
    this.target = target;
    this.ours = ours;
    this.theirs = theirs;
    this.baseComments = baseComments;
    this.idKeys = idKeys;
  }

  /** Empty if the text has no place for a change. */
  static Optional<String> write(
      Merged merged,
      Document target,
      Document ours,
      Document theirs,
      Set<String> baseComments,
      List<String> idKeys) {
    var splice = new Splice(target, ours, theirs, baseComments, idKeys);
    try {
      splice.root(merged);
      return splice.edits.applyTo(target.text);
    } catch (NotWritable e) {
      return Optional.empty();
    }
  }

  Document document(Side side) {
    return side == Side.OURS ? ours : theirs;
  }

  /** Whether both sides have a comment: if not, it goes with what it stands above. */
  boolean isCommon(String comment) {
    return ours.commentSet.contains(comment) && theirs.commentSet.contains(comment);
  }

  private void root(Merged merged) throws NotWritable {
    if (!descend(target.root, merged)) {
      Merged.Whole whole = whole(merged);
      if (target.root instanceof Node.Items items && items.style == Node.Items.Style.DOCUMENTS) {
        throw new NotWritable();
      }
      replace(target.root, whole);
    }
  }

  /**
   * Writes what differs inside a node.
   *
   * @return false if the node is to be replaced by what its side has
   */
  boolean descend(Node at, Merged merged) throws NotWritable {
    if (merged instanceof Merged.Whole whole) {
      return whole.node().means(at) || descendIntoParts(at, whole);
    }
    if (merged instanceof Merged.Fields fields && at instanceof Node.Mapping mapping) {
      new FieldsSplice(this, mapping, fields).write();
      return true;
    }
    if (merged instanceof Merged.Elements elements && at instanceof Node.Items items) {
      if (items.style == Node.Items.Style.DOCUMENTS) {
        new DocumentsSplice(this, items, elements).write();
      } else {
        new ElementsSplice(this, items, elements).write();
      }
      return true;
    }
    throw new NotWritable();
  }

  /** Changes what differs within, where that can be told: what stands around it stays. */
  private boolean descendIntoParts(Node at, Merged.Whole whole) throws NotWritable {
    Optional<Merged> parts = Parts.of(at, whole, idKeys);
    return parts.isPresent() && descend(at, parts.get());
  }

  /** What is put together from both sides stands whole in neither: it cannot be taken from one. */
  static Merged.Whole whole(@Nullable Merged merged) throws NotWritable {
    if (merged instanceof Merged.Whole whole) {
      return whole;
    }
    throw new NotWritable();
  }

  /** A node within braces, or a whole document. */
  void replace(Node at, Merged.Whole whole) {
    Document source = document(whole.side());
    int columns = target.indentation(at.start) - source.indentation(whole.node().start);
    edits.replace(at.start, at.end, moved(source.slice(whole.node()), columns, false));
  }

  /**
   * A part that is set apart by its lines.
   *
   * @param from where the part begins in the target: a field's key, or an element
   * @param sourceFrom where it begins at the side it is taken from
   */
  void replaceLines(int from, Node at, int sourceFrom, Merged.Whole whole) {
    Document source = document(whole.side());
    Node node = whole.node();
    if (isInline(target, from, at) && isInline(source, sourceFrom, node)) {
      replaceInline(at, source, node);
      return;
    }
    int end = BlockText.end(target, at.start, at.end);
    String lines = source.text.substring(sourceFrom, BlockText.end(source, node.start, node.end));
    int columns = target.column(from) - source.column(sourceFrom);
    edits.replace(from, end, endedAs(moved(lines, columns, false), end));
  }

  private static boolean isInline(Document document, int from, Node node) {
    return node.end > node.start && document.sameLine(from, node.end);
  }

  private void replaceInline(Node at, Document source, Node node) {
    String there = BlockText.trailing(target, at.end);
    String theirs = BlockText.trailing(source, node.end);
    boolean was = there.isBlank() || baseComments.contains(there.strip());
    boolean appears = !theirs.isBlank() && !baseComments.contains(theirs.strip());
    boolean disappears = !there.isBlank() && !source.commentSet.contains(there.strip());
    boolean changed = appears || disappears;
    if (was && changed) {
      edits.replace(at.start, BlockText.trailingEnd(target, at.end), source.slice(node) + theirs);
    } else {
      edits.replace(at.start, at.end, source.slice(node));
    }
  }

  String moved(String lines, int columns, boolean firstToo) {
    return BlockText.moved(lines, columns, firstToo, target.newline());
  }

  /** Inserts whole lines where a line begins, or where the text ends without one being ended. */
  void insertLines(int at, String lines) {
    boolean unended = at > 0 && target.text.charAt(at - 1) != '\n';
    String ended = lines.endsWith("\n") ? lines : lines + target.newline();
    edits.insert(
        at,
        unended
            ? target.newline()
                + ended.substring(0, ended.length() - target.newline().length())
            : ended);
  }

  /** The lines, ended if what stood before the offset was. */
  private String endedAs(String lines, int end) {
    boolean ended = end > 0 && target.text.charAt(end - 1) == '\n';
    String bare = lines.endsWith("\n")
        ? lines.substring(0, lines.length() - target.newline().length())
        : lines;
    return ended ? bare + target.newline() : bare;
  }
}
