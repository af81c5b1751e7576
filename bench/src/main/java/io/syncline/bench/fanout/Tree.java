package io.syncline.bench.fanout;

/**
 * The shape of a tree of relays, numbered from 0 level by level: as many as the branching follow the
 * top, as many follow each of these, and so on.
 */
record Tree(int count, int branching) {
  /** What a relay of the first level follows. */
  static final int TOP = -1;

  /** The relay that a relay follows, or {@link #TOP}. */
  int above(int number) {
    return number < branching ? TOP : number / branching - 1;
  }

  /** 1: follows the top. */
  int level(int number) {
    int above = above(number);
    return above == TOP ? 1 : level(above) + 1;
  }

  /** Whether no relay follows it. */
  boolean isLeaf(int number) {
    return (number + 1L) * branching >= count;
  }
}
