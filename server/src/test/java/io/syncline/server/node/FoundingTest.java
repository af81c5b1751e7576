package io.syncline.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.proto.api.v1.IdentifyResponse;
import io.syncline.server.node.Founding.Decision;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a voter with an empty folder makes of what the others say. */
class FoundingTest {
  private static final UUID CLUSTER = UUID.fromString("01234567-89ab-cdef-0123-456789abcdef");
  private static final Identity SELF =
      new Identity("v1", "aa", Optional.empty(), Map.of(), false, false);

  @Test
  void whenEverybodyAnswersAndNobodyBelongsToAClusterOneIsFounded() {
    Decision decision =
        Founding.decide(SELF, Map.of("v2", newcomer("v2", "bb"), "v3", newcomer("v3", "cc")));

    assertThat(decision)
        .isInstanceOfSatisfying(
            Decision.Found.class,
            found -> assertThat(found.founders())
                .containsOnly(Map.entry("v1", "aa"), Map.entry("v2", "bb"), Map.entry("v3", "cc")));
  }

  @Test
  void everyFounderComesToTheSameRecord() {
    var second = new Identity("v2", "bb", Optional.empty(), Map.of(), false, false);

    Decision one =
        Founding.decide(SELF, Map.of("v2", newcomer("v2", "bb"), "v3", newcomer("v3", "cc")));
    Decision other =
        Founding.decide(second, Map.of("v3", newcomer("v3", "cc"), "v1", newcomer("v1", "aa")));

    assertThat(one).isEqualTo(other);
  }

  @Test
  void otherIncarnationsAreAnotherCluster() {
    Decision one = Founding.decide(SELF, Map.of("v2", newcomer("v2", "bb")));
    Decision other = Founding.decide(SELF, Map.of("v2", newcomer("v2", "b2")));

    assertThat(((Decision.Found) one).clusterId())
        .isNotEqualTo(((Decision.Found) other).clusterId());
  }

  @Test
  void aVoterThatIsSilentIsWaitedForByName() {
    Decision decision =
        Founding.decide(SELF, Map.of("v2", newcomer("v2", "bb"), "v3", Optional.empty()));

    assertThat(decision)
        .isInstanceOfSatisfying(
            Decision.Wait.class, wait -> assertThat(wait.reason()).contains("[v3]"));
  }

  @Test
  void aClusterThatWasFoundedWithThisVeryFolderIsAdopted() {
    Map<String, String> founders = Map.of("v1", "aa", "v2", "bb");

    assertThat(Founding.decide(SELF, Map.of("v2", member("v2", "bb", founders))))
        .isEqualTo(new Decision.Found(CLUSTER, founders));
  }

  @Test
  void aVoterThatLostItsDataAsksToBeLetInAnew() {
    Map<String, String> founders = Map.of("v1", "former self", "v2", "bb");

    assertThat(Founding.decide(SELF, Map.of("v2", member("v2", "bb", founders))))
        .isEqualTo(new Decision.Rejoin(CLUSTER, founders));
  }

  @Test
  void aVoterThatWasNoFounderAsksToBeLetIn() {
    Map<String, String> founders = Map.of("v2", "bb", "v3", "cc");

    assertThat(Founding.decide(SELF, Map.of("v2", member("v2", "bb", founders))))
        .isEqualTo(new Decision.Rejoin(CLUSTER, founders));
  }

  @Test
  void oneMemberIsEnoughAndSilentVotersAreNotWaitedFor() {
    Map<String, String> founders = Map.of("v1", "former self", "v2", "bb", "v3", "cc");

    assertThat(Founding.decide(
            SELF, Map.of("v2", Optional.empty(), "v3", member("v3", "cc", founders))))
        .isInstanceOf(Decision.Rejoin.class);
  }

  @Test
  void aSingleVoterFoundsAlone() {
    assertThat(Founding.decide(SELF, Map.of())).isInstanceOf(Decision.Found.class);
  }

  private static Optional<IdentifyResponse> newcomer(String name, String incarnation) {
    return Optional.of(
        IdentifyResponse.newBuilder().setVoter(name).setIncarnation(incarnation).build());
  }

  private static Optional<IdentifyResponse> member(
      String name, String incarnation, Map<String, String> founders) {
    return Optional.of(IdentifyResponse.newBuilder()
        .setVoter(name)
        .setIncarnation(incarnation)
        .setClusterId(CLUSTER.toString())
        .putAllFounders(founders)
        .build());
  }
}
