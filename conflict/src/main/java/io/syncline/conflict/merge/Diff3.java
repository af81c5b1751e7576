package io.syncline.conflict.merge;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Merges sequences, as diff3 does it: members that all three share divide them into chunks; a chunk
 * that only one side changed is that side's, one that both changed alike is either's, and in any
 * other the sides collide. Changes that touch without a common member between them collide.
 *
 * <p>S. Khanna, K. Kunal, B. Pierce, "A Formal Investigation of Diff3", FSTTCS 2007.
 */
final class Diff3 {
  private final int[] base;
  private final int[] ours;
  private final int[] theirs;
  private final List<Chunk> chunks = new ArrayList<>();

  /** A stretch of the result, and whose it is; {@code BOTH} if the sides collide there. */
  record Chunk(Owner owner, Range base, Range ours, Range theirs) {}

  enum Owner {
    OURS,
    THEIRS,
    BOTH
  }

  private Diff3(int[] base, int[] ours, int[] theirs) {
    this.base = base;
    this.ours = ours;
    this.theirs = theirs;
  }

  /** The chunks, in order; members are the same if they are equal. */
  static <T> List<Chunk> chunks(List<T> base, List<T> ours, List<T> theirs) {
    Map<T, Integer> numbers = new HashMap<>();
    var merge =
        new Diff3(numbered(base, numbers), numbered(ours, numbers), numbered(theirs, numbers));
    merge.divide(
        SequenceDiff.matches(merge.base, merge.ours, numbers.size()),
        SequenceDiff.matches(merge.base, merge.theirs, numbers.size()));
    return merge.chunks;
  }

  /** For each member of the first, the place in the second it is matched with, or -1. */
  static <T> int[] matches(List<T> first, List<T> second) {
    Map<T, Integer> numbers = new HashMap<>();
    int[] a = numbered(first, numbers);
    int[] b = numbered(second, numbers);
    return SequenceDiff.matches(a, b, numbers.size());
  }

  private static <T> int[] numbered(List<T> members, Map<T, Integer> numbers) {
    var numbered = new int[members.size()];
    for (int i = 0; i < numbered.length; i++) {
      Integer next = numbers.size();
      Integer known = numbers.putIfAbsent(members.get(i), next);
      numbered[i] = known == null ? next : known;
    }
    return numbered;
  }

  private void divide(int[] inOurs, int[] inTheirs) {
    int b = 0;
    int o = 0;
    int t = 0;
    while (b < base.length || o < ours.length || t < theirs.length) {
      int same = same(inOurs, inTheirs, b, o, t);
      if (same > 0) {
        chunks.add(new Chunk(
            Owner.OURS, new Range(b, b + same), new Range(o, o + same), new Range(t, t + same)));
        b += same;
        o += same;
        t += same;
        continue;
      }
      int next = b;
      while (next < base.length && (inOurs[next] < 0 || inTheirs[next] < 0)) {
        next++;
      }
      int oNext = next == base.length ? ours.length : inOurs[next];
      int tNext = next == base.length ? theirs.length : inTheirs[next];
      decide(new Range(b, next), new Range(o, oNext), new Range(t, tNext));
      b = next;
      o = oNext;
      t = tNext;
    }
  }

  /** How many members from here on stand in all three. */
  private static int same(int[] inOurs, int[] inTheirs, int b, int o, int t) {
    int same = 0;
    while (b + same < inOurs.length
        && inOurs[b + same] == o + same
        && inTheirs[b + same] == t + same) {
      same++;
    }
    return same;
  }

  private void decide(Range b, Range o, Range t) {
    boolean keepsOurs = equal(base, b, theirs, t) || equal(ours, o, theirs, t);
    Owner other = equal(base, b, ours, o) ? Owner.THEIRS : Owner.BOTH;
    chunks.add(new Chunk(keepsOurs ? Owner.OURS : other, b, o, t));
  }

  private static boolean equal(int[] one, Range range, int[] other, Range otherRange) {
    return Arrays.equals(one, range.from(), range.to(), other, otherRange.from(), otherRange.to());
  }
}
