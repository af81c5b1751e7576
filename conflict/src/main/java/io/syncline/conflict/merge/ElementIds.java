package io.syncline.conflict.merge;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How the elements of a list are told apart, be they written in another order or new. */
sealed interface ElementIds {

  /** What identifies an element among its list's; empty if nothing does. */
  Optional<String> of(Node element, int index);

  ContentPath path(ContentPath list, String id);

  /** What may tell the elements of these lists apart, the best first. */
  static List<ElementIds> candidates(List<String> idKeys, List<Node.Items> lists) {
    if (lists.stream().noneMatch(list -> list.style == Node.Items.Style.DOCUMENTS)) {
      return idKeys.stream().<ElementIds>map(ByField::new).toList();
    }
    boolean single = lists.stream().allMatch(list -> list.nodes.size() <= 1);
    return List.of(single ? new ByPlace(true, true) : new ByKubernetesName());
  }

  /** By a field that each element has, such as a name. */
  record ByField(String field) implements ElementIds {
    @Override
    public Optional<String> of(Node element, int index) {
      return text(element, field).map(Node.Scalar::identity);
    }

    @Override
    public ContentPath path(ContentPath list, String id) {
      return list.element(field, shown(id));
    }
  }

  /** By what Kubernetes calls an object: kind, namespace and name. */
  record ByKubernetesName() implements ElementIds {
    @Override
    public Optional<String> of(Node element, int index) {
      var kind = text(element, "kind");
      Node metadata = element instanceof Node.Mapping map ? map.value("metadata") : null;
      if (kind.isEmpty() || metadata == null) {
        return Optional.empty();
      }
      String namespace =
          text(metadata, "namespace").map(scalar -> scalar.value + "/").orElse("");
      return text(metadata, "name").map(name -> kind.get().value + " " + namespace + name.value);
    }

    @Override
    public ContentPath path(ContentPath list, String id) {
      return list.document(id);
    }
  }

  /** By place, where nothing else tells elements apart, or there is but one. */
  record ByPlace(boolean alone, boolean documents) implements ElementIds {
    @Override
    public Optional<String> of(Node element, int index) {
      return Optional.of(String.valueOf(index));
    }

    @Override
    public ContentPath path(ContentPath list, String id) {
      if (alone) {
        return list;
      }
      return documents ? list.document(id) : list.index(id);
    }
  }

  private static Optional<Node.Scalar> text(Node element, String field) {
    Node value = element instanceof Node.Mapping map ? map.value(field) : null;
    return value instanceof Node.Scalar scalar ? Optional.of(scalar) : Optional.empty();
  }

  private static String shown(String identity) {
    return identity.substring(identity.lastIndexOf('\u0000') + 1);
  }

  /** The list's elements by their ids; empty if one has none, or two have the same. */
  default Optional<Map<String, Node>> identify(Node.@Nullable Items items) {
    var byId = new LinkedHashMap<String, Node>();
    List<Node> nodes = items == null ? List.of() : items.nodes;
    for (int i = 0; i < nodes.size(); i++) {
      Optional<String> id = of(nodes.get(i), i);
      if (id.isEmpty() || byId.putIfAbsent(id.get(), nodes.get(i)) != null) {
        return Optional.empty();
      }
    }
    return Optional.of(byId);
  }
}
