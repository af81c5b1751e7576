package io.syncline.conflict.merge;

import io.syncline.conflict.merge.Merged.Side;
import java.util.ArrayList;
import java.util.HashMap;
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

  private final Map<String, Integer> placeOfStaying = new HashMap<>();

  FieldsSplice(Splice splice, Node.Mapping at, Merged.Fields merged) {
    this.splice = splice;
    this.target = splice.target;
    this.at = at;
    this.merged = merged;
    at.entries().forEach((id, entry) -> {
      if (merged.fields().containsKey(id)) {
        placeOfStaying.put(id, staying.size());
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
      insert(Side.OURS);
      insert(Side.THEIRS);
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
    for (Side side : Side.values()) {
      Node.@Nullable Entry before = null;
      for (Map.Entry<String, Node.Entry> entry : merged.of(side).entries().entrySet()) {
        Integer place = placeOfStaying.get(entry.getKey());
        if (place != null) {
          before = staying.get(lastOfRun(side, place));
        } else if (isTakenFrom(side, entry.getKey())) {
          source(entry.getKey(), Splice.whole(merged.fields().get(entry.getKey())));
          flow.insert(
              before == null ? null : before.end(),
              splice.document(side),
              merged.of(side),
              entry.getValue().start(),
              entry.getValue().end());
        }
      }
    }
    flow.write();
  }

  private boolean isTakenFrom(Side side, String id) throws NotWritable {
    Merged field = merged.fields().get(id);
    return field != null && !at.entries().containsKey(id) && Splice.whole(field).side() == side;
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

  /** What only one side added stands after the field that it stands after there. */
  private void insert(Side side) throws NotWritable {
    Document source = splice.document(side);
    int before = -1;
    for (Map.Entry<String, Node.Entry> entry : merged.of(side).entries().entrySet()) {
      String id = entry.getKey();
      Integer place = placeOfStaying.get(id);
      if (place != null) {
        before = place;
      } else if (isTakenFrom(side, id)) {
        source(id, Splice.whole(merged.fields().get(id)));
        insert(side, before, source, entry.getValue());
      }
    }
  }

  private void insert(Side side, int before, Document source, Node.Entry entry) throws NotWritable {
    if (staying.isEmpty()) {
      throw new NotWritable();
    }
    int column = target.column(staying.get(0).start());
    var block = NewLines.of(source, entry.start(), entry.end(), splice);
    String lines = splice.moved(block.lines(), column - source.column(entry.start()), true);
    if (before < 0) {
      insertFirst(block, lines, column);
      return;
    }
    int after = lastOfRun(side, before);
    Node.Entry predecessor = staying.get(after);
    boolean spaced = block.followsBlankLine() && after == before;
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

  private int @Nullable [] runs;
  private @Nullable Side runsOf;

  /** Behind what the target has there and the side does not: ours come before theirs. */
  private int lastOfRun(Side side, int place) {
    if (runs == null || runsOf != side) {
      runs = runs(side);
      runsOf = side;
    }
    return runs[place];
  }

  private int[] runs(Side side) {
    var last = new int[staying.size()];
    for (int i = last.length - 1; i >= 0; i--) {
      boolean goesOn =
          i + 1 < last.length && merged.of(side).get(staying.get(i + 1).key().identity()) == null;
      last[i] = goesOn ? last[i + 1] : i;
    }
    return last;
  }
}
