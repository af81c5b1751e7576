package io.syncline.conflict.merge;

import io.syncline.conflict.merge.Merged.Side;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A field of a merged map that the target does not have yet.
 *
 * @param before the place, among the target's fields that stay, of the one it stands after at its
 *     side; -1: it comes first
 * @param after the same, beyond what the target has there and its side does not: ours before theirs
 */
record NewField(String id, Merged.Whole whole, Node.Entry entry, int before, int after) {

  /** Those of ours, then those of theirs, each in the order of their side. */
  static List<NewField> of(Merged.Fields merged, Node.Mapping at, List<Node.Entry> staying)
      throws NotWritable {
    Map<String, Integer> places = new HashMap<>();
    staying.forEach(entry -> places.put(entry.key().identity(), places.size()));
    List<NewField> added = new ArrayList<>();
    for (Side side : Side.values()) {
      int[] runs = runs(merged.of(side), staying);
      int before = -1;
      for (Map.Entry<String, Node.Entry> entry : merged.of(side).entries().entrySet()) {
        String id = entry.getKey();
        Merged field = merged.fields().get(id);
        if (places.containsKey(id)) {
          before = places.get(id);
        } else if (field != null && at.get(id) == null) {
          Merged.Whole whole = Splice.whole(field);
          if (whole.side() == side) {
            added.add(new NewField(id, whole, entry.getValue(), before, runs[before + 1]));
          }
        }
      }
    }
    return added;
  }

  /** For each place, and before them for -1, the last of those that follow and the side lacks. */
  private static int[] runs(Node.Mapping side, List<Node.Entry> staying) {
    var last = new int[staying.size() + 1];
    for (int place = staying.size() - 1; place >= -1; place--) {
      boolean goesOn =
          place + 1 < staying.size() && side.get(staying.get(place + 1).key().identity()) == null;
      last[place + 1] = goesOn ? last[place + 2] : place;
    }
    return last;
  }
}
