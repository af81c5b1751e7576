package io.syncline.conflict.merge;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the documents of a merged YAML stream into the stream as the target has it. */
final class DocumentsSplice {
  private static final String MARKER = "---";

  private final Splice splice;
  private final Document target;
  private final Node.Items at;
  private final Merged.Elements merged;

  DocumentsSplice(Splice splice, Node.Items at, Merged.Elements merged) {
    this.splice = splice;
    this.target = splice.target;
    this.at = at;
    this.merged = merged;
  }

  void write() throws NotWritable {
    Map<String, Node> there = merged.ours().by().identify(at).orElseThrow(NotWritable::new);
    List<String> ids = new ArrayList<>(there.keySet());
    for (int i = 0; i < ids.size(); i++) {
      if (!merged.elements().containsKey(ids.get(i))) {
        splice.edits.delete(at.documentStarts.get(i), end(target, at, i));
      }
    }
    int before = -1;
    int place = -1;
    for (Map.Entry<String, Merged> document : merged.elements().entrySet()) {
      @Nullable Node node = there.get(document.getKey());
      if (node == null) {
        insert(before, document.getKey(), Splice.whole(document.getValue()));
        continue;
      }
      place++;
      while (!ids.get(place).equals(document.getKey())) {
        place++;
        if (place == ids.size()) {
          throw new NotWritable();
        }
      }
      before = place;
      if (!splice.descend(node, document.getValue())) {
        splice.replace(node, Splice.whole(document.getValue()));
      }
    }
  }

  private void insert(int before, String id, Merged.Whole whole) throws NotWritable {
    Document source = splice.document(whole.side());
    Merged.Identified side = merged.of(whole.side());
    int index = new ArrayList<>(side.nodes().keySet()).indexOf(id);
    int start = side.items().documentStarts.get(index);
    String lines =
        splice.moved(source.text.substring(start, end(source, side.items(), index)), 0, false);
    String marked = lines.startsWith(MARKER) ? lines : MARKER + target.newline() + lines;
    if (before >= 0) {
      splice.insertLines(end(target, at, before), marked);
      return;
    }
    boolean first = !at.documentStarts.isEmpty();
    int place = first ? at.documentStarts.get(0) : target.text.length();
    boolean needsMarker = first && !target.text.startsWith(MARKER, place);
    splice.insertLines(place, needsMarker ? marked + ended(marked) + MARKER : marked);
  }

  private String ended(String lines) {
    return lines.endsWith("\n") ? "" : target.newline();
  }

  private static int end(Document document, Node.Items documents, int index) {
    return index + 1 < documents.documentStarts.size()
        ? documents.documentStarts.get(index + 1)
        : document.text.length();
  }
}
