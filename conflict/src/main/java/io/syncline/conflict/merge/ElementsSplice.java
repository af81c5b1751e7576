package io.syncline.conflict.merge;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the elements of a merged list into the list as the target has it. */
final class ElementsSplice {
  private final Splice splice;
  private final Document target;
  private final Node.Items at;
  private final Merged.Elements merged;

  ElementsSplice(Splice splice, Node.Items at, Merged.Elements merged) {
    this.splice = splice;
    this.target = splice.target;
    this.at = at;
    this.merged = merged;
  }

  void write() throws NotWritable {
    Map<String, Node> there = merged.ours().by().identify(at).orElseThrow(NotWritable::new);
    for (Map.Entry<String, Merged> element : merged.elements().entrySet()) {
      Node node = there.get(element.getKey());
      if (node != null && !splice.descend(node, element.getValue())) {
        replace(element.getKey(), node, Splice.whole(element.getValue()));
      }
    }
    if (at.style == Node.Items.Style.FLOW) {
      writeFlow(there);
    } else {
      writeBlock(there);
    }
  }

  private void replace(String id, Node node, Merged.Whole whole) throws NotWritable {
    Node source = source(id, whole);
    if (at.style == Node.Items.Style.FLOW) {
      splice.replace(node, whole);
    } else {
      splice.replaceLines(node.start, node, source.start, whole);
    }
  }

  private Node source(String id, Merged.Whole whole) throws NotWritable {
    Merged.Identified list = merged.of(whole.side());
    Node node = list.nodes().get(id);
    if (node == null || list.items().style != at.style) {
      throw new NotWritable();
    }
    return node;
  }

  private void writeFlow(Map<String, Node> there) throws NotWritable {
    var flow = new FlowSplice(splice, at);
    there.forEach(
        (id, node) -> flow.member(node.start, node.end, merged.elements().containsKey(id)));
    @Nullable Integer before = null;
    for (Map.Entry<String, Merged> element : merged.elements().entrySet()) {
      Node node = there.get(element.getKey());
      if (node != null) {
        before = node.end;
      } else {
        Merged.Whole whole = Splice.whole(element.getValue());
        Node source = source(element.getKey(), whole);
        Node parent = merged.of(whole.side()).items();
        flow.insert(before, splice.document(whole.side()), parent, source.start, source.end);
      }
    }
    flow.write();
  }

  private void writeBlock(Map<String, Node> there) throws NotWritable {
    if (there.keySet().stream().noneMatch(merged.elements()::containsKey)) {
      throw new NotWritable();
    }
    for (Map.Entry<String, Node> element : there.entrySet()) {
      if (!merged.elements().containsKey(element.getKey())) {
        delete(element.getValue());
      }
    }
    @Nullable Node before = null;
    for (Map.Entry<String, Merged> element : merged.elements().entrySet()) {
      Node node = there.get(element.getKey());
      if (node == null) {
        insert(before, there, element.getKey(), Splice.whole(element.getValue()));
      } else {
        before = node;
      }
    }
  }

  private void delete(Node node) throws NotWritable {
    int dash = dash(target, at, node);
    splice.edits.delete(
        BlockText.start(target, dash, splice::isCommon),
        BlockText.end(target, node.start, node.end));
  }

  private void insert(@Nullable Node before, Map<String, Node> there, String id, Merged.Whole whole)
      throws NotWritable {
    Document source = splice.document(whole.side());
    Node node = source(id, whole);
    int dash = dash(source, merged.of(whole.side()).items(), node);
    var block = NewLines.of(source, dash, node.end, splice);
    int first = dash(target, at, there.values().iterator().next());
    int columns = target.column(first) - source.column(dash);
    String lines = splice.moved(block.lines(), columns, true);
    if (before == null) {
      splice.insertLines(BlockText.start(target, first, none -> false), lines);
    } else {
      boolean spaced = block.followsBlankLine();
      splice.insertLines(
          BlockText.end(target, before.start, before.end),
          spaced ? target.newline() + lines : lines);
    }
  }

  /** Where an element's dash stands, if it is the first on its line. */
  private static int dash(Document document, Node.Items list, Node element) throws NotWritable {
    int column = document.column(list.start);
    int first = document.line(list.start);
    for (int line = document.line(element.start); line >= first; line--) {
      int at = document.lineStart(line) + column;
      if (at < document.lineEnd(line)
          && document.text.charAt(at) == '-'
          && document.isBlank(document.lineStart(line), at)) {
        return at;
      }
    }
    throw new NotWritable();
  }
}
