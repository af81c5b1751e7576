package io.syncline.server.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.model.Fault;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppliedMarkTest {
  @TempDir
  Path folder;

  @Test
  void nothingWasAppliedAtFirst() {
    try (var mark = AppliedMark.open(folder.resolve("mark"))) {
      assertThat(mark.get()).isEqualTo(-1);
    }
    try (var mark = AppliedMark.open(folder.resolve("mark"))) {
      assertThat(mark.get()).isEqualTo(-1);
    }
  }

  @Test
  void itIsFoundAgain() {
    try (var mark = AppliedMark.open(folder.resolve("mark"))) {
      mark.set(7);
      mark.set(1L << 40);
    }
    try (var mark = AppliedMark.open(folder.resolve("mark"))) {
      assertThat(mark.get()).isEqualTo(1L << 40);
    }
  }

  @Test
  void itIsFoundAgainAlsoIfItWasNeverClosed() {
    var killed = AppliedMark.open(folder.resolve("mark"));
    killed.set(42);

    try (var mark = AppliedMark.open(folder.resolve("mark"))) {
      assertThat(mark.get()).isEqualTo(42);
    }
    killed.close();
  }

  @Test
  void whatCannotBeOpenedIsAFault() {
    assertThatThrownBy(() -> AppliedMark.open(folder.resolve("none/mark")))
        .isInstanceOf(Fault.class)
        .hasMessageContaining("applied mark");
  }
}
