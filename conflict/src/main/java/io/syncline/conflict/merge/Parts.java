package io.syncline.conflict.merge;

import io.syncline.conflict.merge.Merged.Elements;
import io.syncline.conflict.merge.Merged.Fields;
import io.syncline.conflict.merge.Merged.Identified;
import io.syncline.conflict.merge.Merged.Whole;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A subtree that a merge takes whole, seen as fields or elements of which some are there already. */
final class Parts {
  private Parts() {}

  /** Empty if the node is written in another style, or no part of it is there. */
  static Optional<Merged> of(Node at, Whole whole, List<String> idKeys) {
    Node node = whole.node();
    if (!at.properties.equals(node.properties)) {
      return Optional.empty();
    }
    if (at instanceof Node.Mapping there && node instanceof Node.Mapping mapping) {
      boolean alike = there.flow == mapping.flow
          && there.entries().keySet().stream().anyMatch(mapping.entries()::containsKey);
      return alike ? Optional.of(fields(mapping, whole.side())) : Optional.empty();
    }
    if (at instanceof Node.Items there && node instanceof Node.Items items) {
      return there.style == items.style ? elements(there, items, whole, idKeys) : Optional.empty();
    }
    return Optional.empty();
  }

  static Fields fields(Node.Mapping mapping, Merged.Side side) {
    Map<String, Merged> fields = new LinkedHashMap<>();
    mapping.entries().forEach((id, entry) -> fields.put(id, new Whole(entry.value(), side)));
    return new Fields(mapping, mapping, fields);
  }

  private static Optional<Merged> elements(
      Node.Items there, Node.Items items, Whole whole, List<String> idKeys) {
    for (ElementIds ids : ElementIds.candidates(idKeys, List.of(there, items))) {
      Optional<Map<String, Node>> placed = ids.identify(there);
      Optional<Map<String, Node>> wanted = ids.identify(items);
      if (placed.isPresent() && wanted.isPresent() && sameOrder(placed.get(), wanted.get())) {
        var identified = new Identified(items, ids, wanted.get());
        Map<String, Merged> elements = new LinkedHashMap<>();
        wanted.get().forEach((id, node) -> elements.put(id, new Whole(node, whole.side())));
        return Optional.of(new Elements(identified, identified, elements));
      }
    }
    return Optional.empty();
  }

  /** Whether some elements are on both lists, and those in the same order. */
  private static boolean sameOrder(Map<String, Node> placed, Map<String, Node> wanted) {
    List<String> common = placed.keySet().stream().filter(wanted::containsKey).toList();
    return !common.isEmpty()
        && common.equals(wanted.keySet().stream().filter(placed::containsKey).toList());
  }
}
