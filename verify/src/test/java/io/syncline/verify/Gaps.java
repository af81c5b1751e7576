package io.syncline.verify;

import io.syncline.verify.Writers.Fate;
import io.syncline.verify.Writers.Write;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;

/** How long no write was acknowledged, around each of some moments. */
final class Gaps {
  private static final double NANOS_PER_MILLI = 1e6;

  private final List<Long> gapsMillis = new ArrayList<>();

  private Gaps() {}

  /**
   * @param momentsNanos when something was broken, in order
   */
  static Gaps of(List<Write> writes, List<Long> momentsNanos) {
    long[] acknowledged = writes.stream()
        .filter(write -> write.fate() == Fate.ACKNOWLEDGED)
        .mapToLong(Write::endedNanos)
        .sorted()
        .toArray();
    var gaps = new Gaps();
    for (int i = 0; i < momentsNanos.size(); i++) {
      long from = momentsNanos.get(i);
      long to = i + 1 < momentsNanos.size() ? momentsNanos.get(i + 1) : Long.MAX_VALUE;
      gaps.gapsMillis.add(Math.round(longest(acknowledged, from, to) / NANOS_PER_MILLI));
    }
    Collections.sort(gaps.gapsMillis);
    return gaps;
  }

  private static long longest(long[] acknowledged, long from, long to) {
    long[] within =
        LongStream.of(acknowledged).filter(at -> at >= from && at < to).toArray();
    long longest = 0;
    long last = from;
    for (long at : within) {
      longest = Math.max(longest, at - last);
      last = at;
    }
    return longest;
  }

  @Override
  public String toString() {
    if (gapsMillis.isEmpty()) {
      return "no gaps";
    }
    return "gaps: " + gapsMillis.size() + ", median "
        + gapsMillis.get(gapsMillis.size() / 2) + " ms, maximum "
        + gapsMillis.get(gapsMillis.size() - 1) + " ms, all " + gapsMillis;
  }
}
