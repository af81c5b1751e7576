package io.syncline.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadinessTest {
  private final Readiness readiness = new Readiness();

  @Test
  void whatNothingHindersIsReady() {
    assertThat(readiness.ready()).isTrue();
    assertThat(readiness.reasons()).isEmpty();
  }

  @Test
  void everyHindranceMustGo() {
    readiness.hinder("disk", "the disk is full");
    readiness.hinder("membership", "waiting for v2");
    readiness.meet("disk");

    assertThat(readiness.ready()).isFalse();
    assertThat(readiness.reasons()).containsExactly("waiting for v2");
    readiness.meet("membership");
    assertThat(readiness.ready()).isTrue();
  }

  @Test
  void aConditionHasOneReasonTheNewest() {
    readiness.hinder("membership", "starting");
    readiness.hinder("disk", "the disk is full");
    readiness.hinder("membership", "reading the log");

    assertThat(readiness.reasons()).containsExactly("reading the log", "the disk is full");
  }

  @Test
  void whatWasNeverHinderedCanBeMet() {
    readiness.meet("disk");

    assertThat(readiness.ready()).isTrue();
  }

  @Test
  void aListenerIsToldAtOnceAndAtEachChangeOnly() {
    List<Boolean> told = new ArrayList<>();
    readiness.listen(told::add);

    readiness.hinder("disk", "full");
    readiness.hinder("disk", "still full");
    readiness.hinder("membership", "starting");
    readiness.meet("disk");
    readiness.meet("membership");
    readiness.meet("membership");

    assertThat(told).containsExactly(true, false, true);
  }

  @Test
  void aListenerMayAskBack() {
    List<List<String>> seen = new ArrayList<>();
    readiness.listen(ready -> seen.add(readiness.reasons()));

    readiness.hinder("disk", "full");

    assertThat(seen).containsExactly(List.of(), List.of("full"));
  }
}
