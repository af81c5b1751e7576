package io.syncline.conflict.merge;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where a tree that was read means something else than a merge by structure. */
final class Meaning {
  private final List<ContentPath> found = new ArrayList<>();
  private final int limit;

  private Meaning(int limit) {
    this.limit = limit;
  }

  /** At most so many paths; none if both mean the same. */
  static List<ContentPath> differences(Merged merged, Node read, int limit) {
    var meaning = new Meaning(limit);
    meaning.compare(ContentPath.ROOT, merged, read);
    return meaning.found;
  }

  private void compare(ContentPath path, @Nullable Merged merged, @Nullable Node read) {
    if (found.size() >= limit) {
      return;
    }
    if (merged == null || read == null) {
      differ(path, merged != null || read != null);
    } else if (merged instanceof Merged.Whole whole) {
      compareNodes(path, whole.node(), read);
    } else if (merged instanceof Merged.Fields fields) {
      compareFields(path, fields, read);
    } else if (merged instanceof Merged.Elements elements) {
      compareElements(path, elements, read);
    }
  }

  private void compareNodes(ContentPath path, Node node, Node read) {
    boolean within = node instanceof Node.Mapping
        && read instanceof Node.Mapping
        && node.properties.equals(read.properties);
    if (!node.means(read) && within) {
      compareFields(path, Parts.fields((Node.Mapping) node, Merged.Side.OURS), read);
    } else {
      differ(path, !node.means(read));
    }
  }

  private void differ(ContentPath path, boolean different) {
    if (different) {
      found.add(path);
    }
  }

  private void compareFields(ContentPath path, Merged.Fields fields, Node read) {
    if (!(read instanceof Node.Mapping mapping)
        || !mapping.properties.equals(fields.ours().properties)) {
      found.add(path);
      return;
    }
    Set<String> keys = new LinkedHashSet<>(fields.fields().keySet());
    keys.addAll(mapping.entries().keySet());
    for (String key : keys) {
      compare(path.field(name(fields, mapping, key)), fields.fields().get(key), mapping.value(key));
    }
  }

  private static String name(Merged.Fields fields, Node.Mapping read, String key) {
    for (Node.Mapping mapping : List.of(fields.ours(), fields.theirs(), read)) {
      Node.Entry entry = mapping.get(key);
      if (entry != null) {
        return entry.key().value;
      }
    }
    return key;
  }

  private void compareElements(ContentPath path, Merged.Elements elements, Node read) {
    Node.Items ours = elements.ours().items();
    boolean comparable = read instanceof Node.Items items
        && items.properties.equals(ours.properties)
        && items.nodes.size() == elements.elements().size();
    if (!comparable) {
      found.add(path);
      return;
    }
    Iterator<Node> nodes = ((Node.Items) read).nodes.iterator();
    for (Map.Entry<String, Merged> element : elements.elements().entrySet()) {
      ContentPath place = elements.ours().by().path(path, element.getKey());
      compare(place, element.getValue(), nodes.next());
    }
  }
}
