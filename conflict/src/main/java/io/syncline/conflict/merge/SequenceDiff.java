package io.syncline.conflict.merge;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Which members of one sequence stand in another, lines of a text for example: a common subsequence,
 * found in bounded work.
 *
 * <p>Those that occur just once on both sides are matched first, in the longest run that keeps
 * their order (Bram Cohen's patience diff); what lies between is compared likewise, and where none
 * is unique, by Myers' greedy algorithm ("An O(ND) Difference Algorithm", 1986). Where that
 * takes more than the work allowed, they stay unmatched: a coarser difference is still a true
 * one, and a merge over it has more conflicts, never other results.
 */
final class SequenceDiff {
  private static final int NONE = -1;

  /** Myers' algorithm keeps its steps: their number squared is what it costs in memory. */
  private static final int MAX_EDITS = 512;

  /** Steps for each member of both, and enough that small sequences are never cut short. */
  private static final long WORK_PER_MEMBER = 200;

  private static final long LEAST_WORK = 5_000_000;

  private final int[] a;
  private final int[] b;
  private final int[] matches;
  private final int[] countInA;
  private final int[] countInB;
  private final int[] placeInB;
  private final Deque<Region> open = new ArrayDeque<>();
  private long work;

  private record Region(int aFrom, int aTo, int bFrom, int bTo) {}

  private SequenceDiff(int[] a, int[] b, int distinct) {
    this.a = a;
    this.b = b;
    this.matches = new int[a.length];
    this.countInA = new int[distinct];
    this.countInB = new int[distinct];
    this.placeInB = new int[distinct];
    this.work = LEAST_WORK + WORK_PER_MEMBER * ((long) a.length + b.length);
    Arrays.fill(matches, NONE);
  }

  /**
   * Members are given as numbers, equal ones as equal numbers.
   *
   * @param distinct more than the greatest number
   * @return for each member of the first, the place in the second it is matched with, or -1;
   *     ascending apart from those
   */
  static int[] matches(int[] first, int[] second, int distinct) {
    var diff = new SequenceDiff(first, second, distinct);
    diff.open.push(new Region(0, first.length, 0, second.length));
    while (!diff.open.isEmpty()) {
      diff.match(diff.open.pop());
    }
    return diff.matches;
  }

  private void match(Region region) {
    Region inner = withoutEnds(region);
    work -= (long) inner.aTo - inner.aFrom + inner.bTo - inner.bFrom;
    if (inner.aFrom == inner.aTo || inner.bFrom == inner.bTo || work < 0) {
      return;
    }
    int[] anchors = anchors(inner);
    if (anchors.length == 0) {
      matchByEdits(inner);
      return;
    }
    int aFrom = inner.aFrom;
    int bFrom = inner.bFrom;
    for (int aAt : anchors) {
      int bAt = matches[aAt];
      open.push(new Region(aFrom, aAt, bFrom, bAt));
      aFrom = aAt + 1;
      bFrom = bAt + 1;
    }
    open.push(new Region(aFrom, inner.aTo, bFrom, inner.bTo));
  }

  private Region withoutEnds(Region region) {
    int aFrom = region.aFrom;
    int bFrom = region.bFrom;
    while (aFrom < region.aTo && bFrom < region.bTo && a[aFrom] == b[bFrom]) {
      matches[aFrom++] = bFrom++;
    }
    int aTo = region.aTo;
    int bTo = region.bTo;
    while (aFrom < aTo && bFrom < bTo && a[aTo - 1] == b[bTo - 1]) {
      matches[--aTo] = --bTo;
    }
    return new Region(aFrom, aTo, bFrom, bTo);
  }

  /** Matches what is unique on both sides; gives the places in the first, ascending. */
  private int[] anchors(Region region) {
    for (int i = region.aFrom; i < region.aTo; i++) {
      countInA[a[i]]++;
    }
    for (int i = region.bFrom; i < region.bTo; i++) {
      countInB[b[i]]++;
      placeInB[b[i]] = i;
    }
    var unique = new int[region.aTo - region.aFrom];
    int count = 0;
    for (int i = region.aFrom; i < region.aTo; i++) {
      if (countInA[a[i]] == 1 && countInB[a[i]] == 1) {
        unique[count++] = i;
      }
    }
    int[] anchors = longestAscending(Arrays.copyOf(unique, count));
    for (int i = region.aFrom; i < region.aTo; i++) {
      countInA[a[i]] = 0;
    }
    for (int i = region.bFrom; i < region.bTo; i++) {
      countInB[b[i]] = 0;
    }
    return anchors;
  }

  /** Of what is unique on both sides, as much as stands in the same order; and matches it. */
  private int[] longestAscending(int[] unique) {
    var tails = new int[unique.length];
    var before = new int[unique.length];
    int length = 0;
    for (int i = 0; i < unique.length; i++) {
      int place = placeInB[a[unique[i]]];
      int low = 0;
      int high = length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (placeInB[a[unique[tails[middle]]]] < place) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      before[i] = low == 0 ? NONE : tails[low - 1];
      tails[low] = i;
      length = Math.max(length, low + 1);
    }
    var ascending = new int[length];
    int at = length == 0 ? NONE : tails[length - 1];
    for (int i = length - 1; i >= 0; i--) {
      ascending[i] = unique[at];
      matches[unique[at]] = placeInB[a[unique[at]]];
      at = before[at];
    }
    return ascending;
  }

  /** Myers' greedy algorithm: furthest[d][k] is how far d edits reach on the diagonal k. */
  private void matchByEdits(Region region) {
    int aSize = region.aTo - region.aFrom;
    int bSize = region.bTo - region.bFrom;
    int most = Math.min(aSize + bSize, MAX_EDITS);
    var steps = new int[most + 1][];
    for (int d = 0; d <= most; d++) {
      var reached = new int[2 * d + 1];
      steps[d] = reached;
      for (int k = -d; k <= d; k += 2) {
        int x = d == 0 ? 0 : reach(steps[d - 1], d, k);
        int y = x - k;
        while (x >= 0
            && y >= 0
            && x < aSize
            && y < bSize
            && a[region.aFrom + x] == b[region.bFrom + y]) {
          x++;
          y++;
          work--;
        }
        reached[k + d] = x;
        if (x >= aSize && y >= bSize) {
          backtrack(steps, d, region);
          return;
        }
      }
      work -= d;
      if (work < 0) {
        return;
      }
    }
  }

  /** Where diagonal k is entered with the d-th edit. */
  private static int reach(int[] previous, int d, int k) {
    boolean down = k == -d || (k != d && previous[k - 1 + d - 1] < previous[k + 1 + d - 1]);
    return down ? previous[k + 1 + d - 1] : previous[k - 1 + d - 1] + 1;
  }

  private void backtrack(int[][] steps, int edits, Region region) {
    int k = (region.aTo - region.aFrom) - (region.bTo - region.bFrom);
    int x = region.aTo - region.aFrom;
    for (int d = edits; d >= 0; d--) {
      int entered = d == 0 ? 0 : reach(steps[d - 1], d, k);
      while (x > entered) {
        x--;
        matches[region.aFrom + x] = region.bFrom + x - k;
      }
      if (d > 0) {
        int[] previous = steps[d - 1];
        boolean down = k == -d || (k != d && previous[k - 1 + d - 1] < previous[k + 1 + d - 1]);
        k += down ? 1 : -1;
        x = previous[k + d - 1];
      }
    }
  }
}
