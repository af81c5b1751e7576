package io.syncline.client;

import static io.syncline.client.Answers.CONTENT;
import static io.syncline.client.Answers.KEY;
import static io.syncline.client.Answers.TEAM;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ActorHeaderTest {

  @ParameterizedTest
  @CsvSource({
    "alice, alice",
    "a-b.c_9, a-b.c_9",
    "a b+c, a%20b%2Bc",
    "50%, 50%25",
    "Jürgen, J%C3%BCrgen",
  })
  void aNameTravelsAsAscii(String name, String encoded) {
    assertThat(ActorHeader.percentEncoded(name)).isEqualTo(encoded);
  }

  @Test
  void everyRequestStatesTheActor() {
    try (FakeVoter voter = FakeVoter.start(new FakeConfig());
        SynclineClient client = SynclineClient.builder()
            .endpoints(List.of(voter.endpoint()))
            .actor("release bot")
            .build()) {
      client.put(TEAM, KEY, CONTENT);

      assertThat(voter.actors()).containsExactly("release%20bot");
    }
  }

  @Test
  void byDefaultTheActorIsTheUserOfTheProcess() {
    try (FakeVoter voter = FakeVoter.start(new FakeConfig());
        SynclineClient client =
            SynclineClient.builder().endpoints(List.of(voter.endpoint())).build()) {
      client.put(TEAM, KEY, CONTENT);

      assertThat(voter.actors())
          .containsExactly(ActorHeader.percentEncoded(System.getProperty("user.name")));
    }
  }
}
