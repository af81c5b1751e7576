package io.syncline.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.model.AuthChange;
import io.syncline.model.AuthState;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who waits for newer users and roles is told when they are there. */
class CurrentAuthTest {
  private final CurrentAuth auth = new CurrentAuth();

  @Test
  void waitsForWhatIsNotThereYet() {
    AuthState second = AuthState.INITIAL.apply(new AuthChange.AddRole("r"));
    AuthState third = second.apply(new AuthChange.AddRole("s"));
    CompletableFuture<Void> waiting = auth.await(3);
    assertThat(auth.await(1)).isCompleted();

    auth.set(second);
    assertThat(waiting).isNotDone();
    auth.set(third);

    assertThat(waiting).isCompleted();
    assertThat(auth.get()).isSameAs(third);
  }

  @Test
  void tooManyDoNotWait() {
    assertThat(IntStream.range(0, 1_000).mapToObj(i -> auth.await(9)).toList())
        .noneMatch(CompletableFuture::isDone);
    assertThat(auth.await(9)).isCompleted();
  }
}
