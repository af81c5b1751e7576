package io.syncline.verify.etcd;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Draws one of several things, each as often as its weight says. */
final class Draw<T> {
  private final List<Entry<T>> entries = new ArrayList<>();
  private int total;

  private record Entry<T>(int upTo, Supplier<? extends T> thing) {}

  Draw<T> add(int weight, Supplier<? extends T> thing) {
    total += weight;
    entries.add(new Entry<>(total, thing));
    return this;
  }

  T from(Random random) {
    int drawn = random.nextInt(total);
    return entries.stream()
        .filter(entry -> drawn < entry.upTo)
        .findFirst()
        .orElseThrow()
        .thing
        .get();
  }
}
