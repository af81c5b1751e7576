package io.syncline.conflict.merge;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The order of a merged list, told by what identifies its elements. */
final class ElementOrder {
  private ElementOrder() {}

  /**
   * All elements of both sides. The side that put old elements in another order has its way; what
   * only the other side has stands after what it stands after there, ours before theirs.
   *
   * @return empty if both sides put the same elements in another order, differently
   */
  static Optional<List<String>> merge(List<String> base, List<String> ours, List<String> theirs) {
    Set<String> inBase = new HashSet<>(base);
    Set<String> inOurs = new HashSet<>(ours);
    Set<String> inTheirs = new HashSet<>(theirs);
    List<String> before =
        base.stream().filter(inOurs::contains).filter(inTheirs::contains).toList();
    List<String> nowOurs = common(ours, inTheirs, inBase);
    List<String> nowTheirs = common(theirs, inOurs, inBase);
    List<String> addedOurs = ours.stream()
        .filter(id -> inTheirs.contains(id) && !inBase.contains(id))
        .toList();
    List<String> addedTheirs = theirs.stream()
        .filter(id -> inOurs.contains(id) && !inBase.contains(id))
        .toList();
    if (!addedOurs.equals(addedTheirs)) {
      return Optional.empty();
    }
    if (nowTheirs.equals(before) || nowTheirs.equals(nowOurs)) {
      return Optional.of(woven(ours, theirs, inOurs, inTheirs, true));
    }
    return nowOurs.equals(before)
        ? Optional.of(woven(theirs, ours, inTheirs, inOurs, false))
        : Optional.empty();
  }

  private static List<String> common(List<String> side, Set<String> other, Set<String> base) {
    return side.stream().filter(other::contains).filter(base::contains).toList();
  }

  private static List<String> woven(
      List<String> leading,
      List<String> other,
      Set<String> inLeading,
      Set<String> inOther,
      boolean leadingFirst) {
    String front = "\u0000front";
    Map<String, List<String>> after = new HashMap<>();
    String predecessor = front;
    for (String id : other) {
      if (inLeading.contains(id)) {
        predecessor = id;
      } else {
        after.computeIfAbsent(predecessor, any -> new ArrayList<>()).add(id);
      }
    }
    List<String> woven = new ArrayList<>(leading.size() + other.size());
    List<String> waiting = after.getOrDefault(front, List.of());
    for (String id : leading) {
      boolean own = leadingFirst && !inOther.contains(id);
      if (!own) {
        woven.addAll(waiting);
        waiting = List.of();
      }
      woven.add(id);
      if (after.containsKey(id)) {
        waiting = after.get(id);
      }
    }
    woven.addAll(waiting);
    return woven;
  }
}
