package io.syncline.conflict.merge;

import java.util.List;

/** Lines, or other members of a sequence, from one, counted from 0, up to but without another. */
record Range(int from, int to) {
  int size() {
    return to - from;
  }

  <T> List<T> of(List<T> members) {
    return members.subList(from, to);
  }

  /** As people count lines. */
  @Override
  public String toString() {
    return switch (size()) {
      case 0 -> "after line " + from;
      case 1 -> "line " + to;
      default -> "lines " + (from + 1) + "-" + to;
    };
  }
}
