package io.syncline.conflict.merge;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which elements of three lists are one element, where they stand side by side and all changed. */
final class Neighbours {
  private Neighbours() {}

  /**
   * One element, as far as a list has it.
   *
   * @param place in the base; of an added element, that of the one it stands before
   */
  record Row(
      int place,
      @Nullable Node base,
      @Nullable Node ours,
      @Nullable Node theirs) {}

  /**
   * Pairs each side's elements with the base's: one by one if they are as many, else only if the
   * side did nothing but add elements, or nothing but take some away.
   *
   * @return empty if a side cannot be paired, or both added something at one place
   */
  static Optional<List<Row>> align(List<Node> base, List<Node> ours, List<Node> theirs) {
    Optional<int[]> inOurs = pairs(base, ours);
    Optional<int[]> inTheirs = pairs(base, theirs);
    if (inOurs.isEmpty() || inTheirs.isEmpty()) {
      return Optional.empty();
    }
    List<Row> rows = new ArrayList<>();
    int o = 0;
    int t = 0;
    for (int i = 0; i <= base.size(); i++) {
      int oNext = i == base.size() ? ours.size() : Math.max(o, inOurs.get()[i]);
      int tNext = i == base.size() ? theirs.size() : Math.max(t, inTheirs.get()[i]);
      if (oNext > o && tNext > t) {
        return Optional.empty();
      }
      for (; o < oNext; o++) {
        rows.add(new Row(i, null, ours.get(o), null));
      }
      for (; t < tNext; t++) {
        rows.add(new Row(i, null, null, theirs.get(t)));
      }
      if (i < base.size()) {
        Node oursHere = inOurs.get()[i] < 0 ? null : ours.get(o++);
        Node theirsHere = inTheirs.get()[i] < 0 ? null : theirs.get(t++);
        rows.add(new Row(i, base.get(i), oursHere, theirsHere));
      }
    }
    return Optional.of(rows);
  }

  /** For each element of the base, the side's, or -1 if it was taken away. */
  private static Optional<int[]> pairs(List<Node> base, List<Node> side) {
    var pairs = new int[base.size()];
    if (base.size() == side.size()) {
      Arrays.setAll(pairs, i -> i);
      return Optional.of(pairs);
    }
    pairs = Diff3.matches(Meant.of(base), Meant.of(side));
    long paired = Arrays.stream(pairs).filter(place -> place >= 0).count();
    return paired == Math.min(base.size(), side.size()) ? Optional.of(pairs) : Optional.empty();
  }
}
