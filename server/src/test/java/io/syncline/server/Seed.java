package io.syncline.server;

import java.util.Random;

/** Where random tests get their randomness: a printed seed, or the one to be replayed. */
public final class Seed {
  private static final String PROPERTY = "syncline.test.seed";

  private Seed() {}

  public static Random random() {
    long seed = Long.getLong(PROPERTY, System.nanoTime());
    System.out.println("replay with -D" + PROPERTY + "=" + seed);
    return new Random(seed);
  }
}
