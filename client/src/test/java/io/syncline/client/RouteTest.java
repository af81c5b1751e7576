package io.syncline.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.model.Endpoint;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RouteTest {
  private static final Endpoint A = new Endpoint("a", 1);
  private static final Endpoint B = new Endpoint("b", 1);
  private static final Endpoint C = new Endpoint("c", 1);
  private static final Endpoint ELSEWHERE = new Endpoint("elsewhere", 1);

  private final Route route = new Route(List.of(A, B, C), 0);

  @Test
  void everyVoterGetsItsTurn() {
    route.failed(A);
    assertThat(route.current()).isEqualTo(B);
    route.failed(B);
    assertThat(route.current()).isEqualTo(C);
    route.failed(C);
    assertThat(route.current()).isEqualTo(A);
  }

  @Test
  void manyFailuresOfOneVoterMoveTheRouteOnce() {
    route.failed(A);
    route.failed(A);

    assertThat(route.current()).isEqualTo(B);
  }

  @Test
  void goesToTheLeaderAVoterPointsAt() {
    route.redirected(A, ELSEWHERE);

    assertThat(route.current()).isEqualTo(ELSEWHERE);
  }

  @Test
  void aLateHintDoesNotUndoWhatWasLearntSince() {
    route.redirected(A, C);
    route.redirected(A, B);

    assertThat(route.current()).isEqualTo(C);
  }

  @Test
  void aVoterThatPointsAtADeadLeaderDoesNotKeepTheOthersFromBeingAsked() {
    route.failed(A);
    route.redirected(B, A);
    route.failed(A);

    assertThat(route.current()).isEqualTo(C);
  }
}
