package io.syncline.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BackoffTest {

  @ParameterizedTest
  @CsvSource({"1, 10", "2, 20", "3, 40", "6, 320", "7, 500", "1000000, 500"})
  void theLongestDelayDoublesUpToHalfASecond(int failures, long expectedMs) {
    assertThat(new Backoff(() -> 1.0).delay(failures)).isEqualTo(Duration.ofMillis(expectedMs));
  }

  @ParameterizedTest
  @CsvSource({"0.0, 0", "0.25, 5", "0.5, 10"})
  void theWholeDelayIsJittered(double random, long expectedMs) {
    assertThat(new Backoff(() -> random).delay(2)).isEqualTo(Duration.ofMillis(expectedMs));
  }
}
