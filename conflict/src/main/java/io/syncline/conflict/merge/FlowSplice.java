package io.syncline.conflict.merge;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes members out of braces or brackets and puts others in: JSON, and YAML's flow style. */
final class FlowSplice {
  private final Splice splice;
  private final Document target;
  private final Node at;
  private final List<Member> members = new ArrayList<>();
  private final List<New> added = new ArrayList<>();

  private record Member(int start, int end, boolean stays) {}

  /** @param after the end of the member that it is to follow; null: it comes first */
  private record New(@Nullable Integer after, Document source, Node parent, int start, int end) {}

  FlowSplice(Splice splice, Node at) {
    this.splice = splice;
    this.target = splice.target;
    this.at = at;
  }

  void member(int start, int end, boolean stays) {
    members.add(new Member(start, end, stays));
  }

  void insert(@Nullable Integer after, Document source, Node parent, int start, int end) {
    added.add(new New(after, source, parent, start, end));
  }

  void write() throws NotWritable {
    if (members.stream().noneMatch(Member::stays)) {
      writeOnlyNew();
      return;
    }
    deleteRuns();
    int first = members.stream().filter(Member::stays).findFirst().orElseThrow().start;
    for (New member : added) {
      String gap = gap(member);
      if (member.after == null) {
        splice.edits.insert(first, text(member) + "," + gap);
      } else {
        splice.edits.insert(member.after, "," + gap + text(member));
      }
    }
  }

  /** Up to the next member that stays; the last ones from the end of the last that stays. */
  private void deleteRuns() {
    int i = 0;
    while (i < members.size()) {
      int end = i;
      while (end < members.size() && !members.get(end).stays) {
        end++;
      }
      if (end > i && end < members.size()) {
        splice.edits.delete(members.get(i).start, members.get(end).start);
      } else if (end > i) {
        splice.edits.delete(members.get(i - 1).end, members.get(end - 1).end);
      }
      i = end + 1;
    }
  }

  private void writeOnlyNew() throws NotWritable {
    if (members.isEmpty() && added.isEmpty()) {
      return;
    }
    var text = new StringBuilder();
    for (New member : added) {
      text.append(text.isEmpty() ? "" : "," + gap(member)).append(text(member));
    }
    if (members.isEmpty()) {
      writeIntoEmpty(text.toString());
    } else {
      splice.edits.replace(
          members.get(0).start, members.get(members.size() - 1).end, text.toString());
    }
  }

  /** Between the braces as the source has it. */
  private void writeIntoEmpty(String text) throws NotWritable {
    New first = added.get(0);
    Document source = first.source;
    int opened = opened(source, first.parent);
    int firstMember = firstMember(first.parent);
    int lastMember = lastMember(first.parent);
    String before = source.text.substring(opened, firstMember);
    String after = source.text.substring(lastMember, first.parent.end - 1);
    if (!before.isBlank() || !after.isBlank()) {
      throw new NotWritable();
    }
    int columns = target.indentation(at.start) - source.indentation(first.parent.start);
    splice.edits.replace(
        opened(target, at),
        at.end - 1,
        splice.moved(before, 0, false)
            + blanks(before, columns)
            + text
            + splice.moved(after, 0, false)
            + blanks(after, columns));
  }

  private static String blanks(String gap, int columns) {
    return gap.contains("\n") && columns > 0 ? " ".repeat(columns) : "";
  }

  private static int opened(Document document, Node node) {
    int open = node.start;
    while (document.text.charAt(open) != '{' && document.text.charAt(open) != '[') {
      open++;
    }
    return open + 1;
  }

  private static int firstMember(Node parent) {
    return parent instanceof Node.Mapping mapping
        ? mapping.entries().values().iterator().next().start()
        : ((Node.Items) parent).nodes.get(0).start;
  }

  private static int lastMember(Node parent) {
    if (parent instanceof Node.Items items) {
      return items.nodes.get(items.nodes.size() - 1).end;
    }
    int end = 0;
    for (Node.Entry entry : ((Node.Mapping) parent).entries().values()) {
      end = entry.end();
    }
    return end;
  }

  private String text(New member) {
    int sibling = members.isEmpty() ? at.start : members.get(0).start;
    int from = members.isEmpty() ? member.parent.start : member.start;
    int columns = target.indentation(sibling) - member.source.indentation(from);
    return splice.moved(member.source.text.substring(member.start, member.end), columns, false);
  }

  /** What stands between a comma and the next member. */
  private String gap(New member) {
    if (members.size() > 1) {
      return gap(target, members.get(0).end, members.get(1).start);
    }
    if (members.size() == 1) {
      String before = target.text.substring(opened(target, at), members.get(0).start);
      if (before.contains("\n") && before.isBlank()) {
        return before;
      }
    }
    return gapOf(member);
  }

  private String gapOf(New member) {
    int first = firstMember(member.parent);
    int opened = opened(member.source, member.parent);
    String before = member.source.text.substring(opened, first);
    if (!before.isBlank() || !before.contains("\n")) {
      return members.isEmpty() || !before.isBlank() || before.isEmpty() ? " " : before;
    }
    int columns = target.indentation(at.start) - member.source.indentation(member.parent.start);
    return splice.moved(before, 0, false) + blanks(before, columns);
  }

  private static String gap(Document document, int from, int to) {
    String between = document.text.substring(from, to);
    String gap = between.substring(between.indexOf(',') + 1);
    return gap.isBlank() ? gap : " ";
  }
}
