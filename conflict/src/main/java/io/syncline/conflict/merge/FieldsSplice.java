package io.syncline.conflict.merge;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the fields of a merged map into the map as the target has it. */
final class FieldsSplice {
  private final Splice splice;
  private final Document target;
  private final Node.Mapping at;
  private final Merged.Fields merged;

  /** The target's fields that stay, in order. */
  private final List<Node.Entry> staying = new ArrayList<>();

  FieldsSplice(Splice splice, Node.Mapping at, Merged.Fields merged) {
    this.splice = splice;
    this.target = splice.target;
    this.at = at;
    this.merged = merged;
    at.entries().forEach((id, entry) -> {
      if (merged.fields().containsKey(id)) {
        staying.add(entry);
      }
    });
  }

  void write() throws NotWritable {
    for (Map.Entry<String, Merged> field : merged.fields().entrySet()) {
      Node.Entry entry = at.get(field.getKey());
      if (entry != null && !splice.descend(entry.value(), field.getValue())) {
        replace(field.getKey(), entry, Splice.whole(field.getValue()));
      }
    }
    if (at.flow) {
      writeFlow();
    } else {
      delete();
      for (NewField field : NewField.of(merged, at, staying)) {
        insert(field);
      }
    }
  }

  private void replace(String id, Node.Entry entry, Merged.Whole whole) throws NotWritable {
    Node.Entry source = source(id, whole);
    if (at.flow) {
      splice.replace(entry.value(), whole);
    } else {
      splice.replaceLines(entry.start(), entry.value(), source.start(), whole);
    }
  }

  /** The field at the side that it is taken from, if that side writes the map in the same style. */
  private Node.Entry source(String id, Merged.Whole whole) throws NotWritable {
    Node.Mapping mapping = merged.of(whole.side());
    Node.Entry entry = mapping.get(id);
    if (entry == null || mapping.flow != at.flow) {
      throw new NotWritable();
    }
    return entry;
  }

  private void writeFlow() throws NotWritable {
    var flow = new FlowSplice(splice, at);
    at.entries()
        .forEach((id, entry) ->
            flow.member(entry.start(), entry.end(), merged.fields().containsKey(id)));
    for (NewField field : NewField.of(merged, at, staying)) {
      source(field.id(), field.whole());
      flow.insert(
          field.after() < 0 ? null : staying.get(field.after()).end(),
          splice.document(field.whole().side()),
          merged.of(field.whole().side()),
          field.entry().start(),
          field.entry().end());
    }
    flow.write();
  }

  private void delete() throws NotWritable {
    if (staying.isEmpty() && !at.entries().isEmpty()) {
      throw new NotWritable();
    }
    Node.@Nullable Entry leading = null;
    for (Map.Entry<String, Node.Entry> entry : at.entries().entrySet()) {
      boolean stays = merged.fields().containsKey(entry.getKey());
      if (leading != null && stays) {
        splice.edits.delete(leading.start(), entry.getValue().start());
        leading = null;
      } else if (!stays && leading == null) {
        if (BlockText.beginsLine(target, entry.getValue().start())) {
          deleteLines(entry.getValue());
        } else {
          leading = entry.getValue();
        }
      }
    }
  }

  private void deleteLines(Node.Entry entry) {
    splice.edits.delete(
        BlockText.start(target, entry.start(), splice::isCommon),
        BlockText.end(target, entry.start(), entry.end()));
  }

  private void insert(NewField field) throws NotWritable {
    source(field.id(), field.whole());
    if (staying.isEmpty()) {
      throw new NotWritable();
    }
    Document source = splice.document(field.whole().side());
    Node.Entry entry = field.entry();
    int column = target.column(staying.get(0).start());
    var block = NewLines.of(source, entry.start(), entry.end(), splice);
    String lines = splice.moved(block.lines(), column - source.column(entry.start()), true);
    if (field.after() < 0) {
      insertFirst(block, lines, column);
      return;
    }
    Node.Entry predecessor = staying.get(field.after());
    boolean spaced = block.followsBlankLine() && field.after() == field.before();
    splice.insertLines(
        BlockText.end(target, predecessor.start(), predecessor.end()),
        spaced ? target.newline() + lines : lines);
  }

  private void insertFirst(NewLines block, String lines, int column) {
    int first = staying.get(0).start();
    if (!BlockText.beginsLine(target, first)) {
      splice.edits.insert(first, lines.stripLeading() + " ".repeat(column));
      return;
    }
    int at = block.followsComment()
        ? target.lineStart(target.line(first))
        : BlockText.start(target, first, none -> false);
    splice.insertLines(at, lines);
  }
}
