package io.syncline.verify.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Many worlds of faults. More of them: {@code -Dsyncline.simulations=100000}; one again: {@code
 * -Dsyncline.seed=N -Dsyncline.simulations=1}.
 */
class SimulationTest {
  private static final long SEED = Long.getLong("syncline.seed", 1);
  private static final int SIMULATIONS = Integer.getInteger("syncline.simulations", 300);
  private static final int STEPS = 60;
  private static final int PROGRESS = 5000;

  @Test
  void everyCopyEqualsTheCentreAtItsCursorAndInTheEndAtItsHead() {
    for (long seed = SEED; seed < SEED + SIMULATIONS; seed++) {
      var world = new World(seed);
      try {
        world.run(STEPS);
      } catch (RuntimeException | AssertionError e) {
        world.trace.stream()
            .skip(Math.max(0, world.trace.size() - 30))
            .forEach(System.out::println);
        throw new AssertionError(
            "seed " + seed + ": -Dsyncline.seed=" + seed + " -Dsyncline.simulations=1", e);
      }
      if ((seed - SEED + 1) % PROGRESS == 0) {
        System.out.printf("simulations: %,d of %,d%n", seed - SEED + 1, SIMULATIONS);
      }
    }
    System.out.printf("simulations: %,d, seeds from %d, all held%n", SIMULATIONS, SEED);
  }

  @Test
  void theSameSeedGivesTheSameTrace() {
    for (long seed = SEED; seed < SEED + 5; seed++) {
      var one = new World(seed);
      var other = new World(seed);
      one.run(STEPS);
      other.run(STEPS);
      assertThat(one.trace).isEqualTo(other.trace);
      assertThat(one.time.count()).isEqualTo(other.time.count());
    }
  }
}
