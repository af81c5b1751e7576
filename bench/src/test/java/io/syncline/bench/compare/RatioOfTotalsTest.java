package io.syncline.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class RatioOfTotalsTest {
  @Test
  void allRoundsCountByWhatWasDoneInThem() {
    RatioOfTotals ratio = RatioOfTotals.of(List.of(100.0, 300.0), List.of(200.0, 200.0));

    assertThat(ratio.ratio()).isEqualTo(1);
    // the rounds were off by 100: their mean by 100 / sqrt(2) * sqrt(2), of 200
    assertThat(ratio.standardError()).isEqualTo(0.5, within(1e-9));
  }

  @Test
  void roundsThatAgreeLeaveNothingToChance() {
    RatioOfTotals ratio = RatioOfTotals.of(List.of(98.0, 196.0, 49.0), List.of(100.0, 200.0, 50.0));

    assertThat(ratio.ratio()).isEqualTo(0.98, within(1e-9));
    assertThat(ratio.standardError()).isEqualTo(0, within(1e-9));
  }

  @Test
  void oneRoundSaysNothingOfChance() {
    assertThat(RatioOfTotals.of(List.of(1.0), List.of(2.0)).standardError()).isNaN();
  }
}
