package io.syncline.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ProcessorsTest {
  @Test
  void idleAndWaitingTimeAndGuestsCountedAsUsersAreLeftOut() {
    assertThat(Processors.busy("cpu  1000 200 300 90000 5000 40 50 10 700 0"))
        .isEqualTo(Duration.ofSeconds(16));
  }
}
