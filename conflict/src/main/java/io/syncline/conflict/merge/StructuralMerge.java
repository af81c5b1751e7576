package io.syncline.conflict.merge;

import io.syncline.conflict.merge.Diff3.Chunk;
import io.syncline.conflict.merge.Diff3.Owner;
import io.syncline.conflict.merge.Merged.Side;
import io.syncline.conflict.merge.PathConflict.Cause;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Merges what three contents mean. A path that one side changed is taken from that side; one that
 * both changed is a conflict, unless both changed it alike, or it is a map, or a list whose elements
 * are told apart: then the rule holds for what is in it.
 */
final class StructuralMerge {
  private final @Nullable Document base;
  private final Document ours;
  private final Document theirs;
  private final List<String> idKeys;
  private final List<PathConflict> conflicts = new ArrayList<>();
  private final List<PathConflict> tentative = new ArrayList<>();

  /**
   * @param root what the merge means; where there are conflicts, ours
   * @param tentative lists whose elements were told apart by their place only: conflicts, unless
   *     the lines say the same
   */
  record Outcome(Merged root, List<PathConflict> conflicts, List<PathConflict> tentative) {}

  private StructuralMerge(
      @Nullable Document base, Document ours, Document theirs, List<String> idKeys) {
    this.base = base;
    this.ours = ours;
    this.theirs = theirs;
    this.idKeys = idKeys;
  }

  static Outcome of(@Nullable Document base, Document ours, Document theirs, List<String> idKeys) {
    var merge = new StructuralMerge(base, ours, theirs, idKeys);
    Merged root =
        merge.merge(ContentPath.ROOT, base == null ? null : base.root, ours.root, theirs.root);
    Merged known = root == null ? new Merged.Whole(ours.root, Side.OURS) : root;
    return new Outcome(known, merge.conflicts, merge.tentative);
  }

  /** Null where the result has nothing. */
  private @Nullable Merged merge(
      ContentPath path, @Nullable Node b, @Nullable Node o, @Nullable Node t) {
    if (Node.same(o, t) || Node.same(b, t)) {
      return whole(o, Side.OURS);
    }
    if (Node.same(b, o)) {
      return whole(t, Side.THEIRS);
    }
    if (o == null || t == null) {
      return conflict(path, Cause.CHANGED_AND_DELETED, deletion(o == null), b, o, t);
    }
    boolean alike = o.properties.equals(t.properties);
    if (alike && o instanceof Node.Mapping om && t instanceof Node.Mapping tm) {
      if (b == null || b instanceof Node.Mapping) {
        return fields(path, (Node.Mapping) b, om, tm);
      }
    }
    if (alike && o instanceof Node.Items oi && t instanceof Node.Items ti) {
      if (b == null || b instanceof Node.Items) {
        return elements(path, (Node.Items) b, oi, ti);
      }
    }
    return bothChanged(path, b, o, t);
  }

  private static @Nullable Merged whole(@Nullable Node node, Side side) {
    return node == null ? null : new Merged.Whole(node, side);
  }

  private static String deletion(boolean oursDeleted) {
    return oursDeleted
        ? "ours deleted it and theirs changed it"
        : "theirs deleted it and ours changed it";
  }

  private Merged fields(
      ContentPath path, Node.@Nullable Mapping b, Node.Mapping o, Node.Mapping t) {
    Set<String> keys = new LinkedHashSet<>(o.entries().keySet());
    keys.addAll(t.entries().keySet());
    Map<String, Merged> fields = new LinkedHashMap<>();
    for (String key : keys) {
      Node.Entry entry = o.get(key) == null ? t.get(key) : o.get(key);
      ContentPath place = entry == null ? path : path.field(entry.key().value);
      Merged merged = merge(place, b == null ? null : b.value(key), o.value(key), t.value(key));
      if (merged != null) {
        fields.put(key, merged);
      }
    }
    return new Merged.Fields(o, t, fields);
  }

  private Merged elements(ContentPath path, Node.@Nullable Items b, Node.Items o, Node.Items t) {
    List<Node.Items> lists = b == null ? List.of(o, t) : List.of(b, o, t);
    for (ElementIds ids : ElementIds.candidates(idKeys, lists)) {
      Optional<Map<String, Node>> inBase = ids.identify(b);
      Optional<Map<String, Node>> inOurs = ids.identify(o);
      Optional<Map<String, Node>> inTheirs = ids.identify(t);
      if (inBase.isPresent() && inOurs.isPresent() && inTheirs.isPresent()) {
        return elements(
            path,
            inBase.get(),
            new Merged.Identified(o, ids, inOurs.get()),
            new Merged.Identified(t, ids, inTheirs.get()));
      }
    }
    return b == null ? bothChanged(path, b, o, t) : byPlace(path, b, o, t);
  }

  private Merged elements(
      ContentPath path, Map<String, Node> b, Merged.Identified o, Merged.Identified t) {
    Optional<List<String>> order = ElementOrder.merge(
        List.copyOf(b.keySet()),
        List.copyOf(o.nodes().keySet()),
        List.copyOf(t.nodes().keySet()));
    if (order.isEmpty()) {
      return conflict(
          path,
          Cause.BOTH_REORDERED,
          "both sides put the elements in another order",
          null,
          o.items(),
          t.items());
    }
    Map<String, Merged> elements = new LinkedHashMap<>();
    for (String id : order.get()) {
      ContentPath place = o.by().path(path, id);
      Merged merged = merge(place, b.get(id), o.nodes().get(id), t.nodes().get(id));
      if (merged != null) {
        elements.put(id, merged);
      }
    }
    return new Merged.Elements(o, t, elements);
  }

  /**
   * Nothing tells the elements apart but what they are and where: they are merged as lines are. By
   * itself that would be a guess, so that it holds only if the lines, merged as such, say the same.
   */
  private Merged byPlace(ContentPath path, Node.Items b, Node.Items o, Node.Items t) {
    var ids = new ElementIds.ByPlace(false, o.style == Node.Items.Style.DOCUMENTS);
    Map<String, Merged> merged = new LinkedHashMap<>();
    for (Chunk chunk : Diff3.chunks(Meant.of(b.nodes), Meant.of(o.nodes), Meant.of(t.nodes))) {
      Optional<List<Merged>> part = chunk.owner() == Owner.BOTH
          ? collision(path, ids, chunk, b, o, t)
          : Optional.of(part(chunk, o, t));
      if (part.isEmpty()) {
        return bothChanged(path, b, o, t);
      }
      part.get().forEach(element -> merged.put(String.valueOf(merged.size()), element));
    }
    String detail = "nothing but their place tells the elements apart, and lines collide";
    tentative.add(told(path, Cause.BOTH_CHANGED, detail, b, o, t));
    return new Merged.Elements(
        new Merged.Identified(o, ids, Map.of()), new Merged.Identified(t, ids, Map.of()), merged);
  }

  private static List<Merged> part(Chunk chunk, Node.Items o, Node.Items t) {
    boolean isOurs = chunk.owner() == Owner.OURS;
    Range range = isOurs ? chunk.ours() : chunk.theirs();
    Side side = isOurs ? Side.OURS : Side.THEIRS;
    return (isOurs ? o : t)
        .nodes.subList(range.from(), range.to()).stream()
            .<Merged>map(node -> new Merged.Whole(node, side))
            .toList();
  }

  /** Elements that are neighbours of changed ones collide, though each may have changed but once. */
  private Optional<List<Merged>> collision(
      ContentPath path, ElementIds ids, Chunk chunk, Node.Items b, Node.Items o, Node.Items t) {
    var inBase = chunk.base().of(b.nodes);
    var inOurs = chunk.ours().of(o.nodes);
    var inTheirs = chunk.theirs().of(t.nodes);
    return Neighbours.align(inBase, inOurs, inTheirs).map(rows -> {
      List<Merged> part = new ArrayList<>();
      for (Neighbours.Row row : rows) {
        int place = chunk.base().from() + row.place();
        ContentPath at = ids.path(path, String.valueOf(place));
        Merged merged = merge(at, row.base(), row.ours(), row.theirs());
        if (merged != null) {
          part.add(merged);
        }
      }
      return part;
    });
  }

  private Merged bothChanged(ContentPath path, @Nullable Node b, Node o, Node t) {
    return b == null
        ? conflict(path, Cause.BOTH_ADDED, "both sides added it, differently", null, o, t)
        : conflict(path, Cause.BOTH_CHANGED, "both sides changed it, differently", b, o, t);
  }

  private Merged conflict(
      ContentPath path,
      Cause cause,
      String detail,
      @Nullable Node b,
      @Nullable Node o,
      @Nullable Node t) {
    if (conflicts.size() < PathConflict.MAX_REPORTED) {
      conflicts.add(told(path, cause, detail, b, o, t));
    }
    Node either = o == null ? t : o;
    return new Merged.Whole(
        either == null ? ours.root : either, o == null ? Side.THEIRS : Side.OURS);
  }

  private PathConflict told(
      ContentPath path,
      Cause cause,
      String detail,
      @Nullable Node b,
      @Nullable Node o,
      @Nullable Node t) {
    return new PathConflict(
        path.toString(),
        cause,
        detail,
        base == null ? null : excerpt(base, b),
        excerpt(ours, o),
        excerpt(theirs, t));
  }

  private static @Nullable String excerpt(Document document, @Nullable Node node) {
    if (node == null) {
      return null;
    }
    int shown = Math.min(node.end, node.start + 2 * PathConflict.MAX_EXCERPT_CHARS);
    return document.text.substring(node.start, shown);
  }
}
