package io.syncline.verify.etcd.jetcd;

import static io.syncline.verify.etcd.jetcd.Calls.answer;
import static io.syncline.verify.etcd.jetcd.Calls.bytes;
import static io.syncline.verify.etcd.jetcd.Calls.failure;
import static io.syncline.verify.etcd.jetcd.Calls.pair;
import static io.syncline.verify.etcd.jetcd.Calls.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.etcd.jetcd.Client;
import io.etcd.jetcd.Election;
import io.etcd.jetcd.election.CampaignResponse;
import io.etcd.jetcd.election.LeaderKey;
import io.etcd.jetcd.election.NoLeaderException;
import io.etcd.jetcd.election.NotLeaderException;
import io.etcd.jetcd.options.GetOption;
import io.syncline.verify.etcd.cluster.Cluster;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Elections by jetcd. */
@ExtendWith(SharedCluster.class)
class ElectionTest {
  private static final long TTL_SECONDS = 600;

  private Client client;
  private Election elections;

  @BeforeEach
  void connect(Cluster cluster) {
    client = cluster.client();
    elections = client.getElectionClient();
  }

  @AfterEach
  void disconnect() {
    client.close();
  }

  @Test
  void whoCampaignsFirstLeadsUntilItResigns() {
    LeaderKey first = campaign("election/first", "one");
    assertThat(text(first.getKey())).startsWith("election/first/");
    assertThat(pair(answer(elections.leader(bytes("election/first"))).getKv()))
        .isEqualTo(text(first.getKey()) + "=one");

    CompletableFuture<CampaignResponse> second =
        elections.campaign(bytes("election/first"), lease(), bytes("two"));
    awaitCandidates("election/first/", 2);
    assertThat(second).isNotDone();
    answer(elections.resign(first));
    assertThat(answer(second).getLeader().getKey()).isNotEqualTo(first.getKey());
    assertThat(text(answer(elections.leader(bytes("election/first"))).getKv().getValue()))
        .isEqualTo("two");
  }

  @Test
  void theNextLeadsWhenTheLeaseOfTheLeaderEnds() {
    LeaderKey first = campaign("election/ended", "one");
    CompletableFuture<CampaignResponse> second =
        elections.campaign(bytes("election/ended"), lease(), bytes("two"));
    awaitCandidates("election/ended/", 2);
    answer(client.getLeaseClient().revoke(first.getLease()));
    assertThat(answer(second).getLeader().getName()).isEqualTo(bytes("election/ended"));
  }

  @Test
  void anObserverIsToldOfEachLeaderAndEachOfItsProposals() {
    LeaderKey first = campaign("election/observed", "one");
    var observed = new Observed();
    elections.observe(bytes("election/observed"), observed);
    observed.awaitProposal("one");
    answer(elections.proclaim(first, bytes("one, again")));
    observed.awaitProposal("one, again");
    answer(elections.resign(first));
    LeaderKey second = campaign("election/observed", "two");

    assertThat(observed.awaitProposal("two"))
        .containsExactly(
            text(first.getKey()) + "=one",
            text(first.getKey()) + "=one, again",
            text(second.getKey()) + "=two");
  }

  @Test
  void withoutACandidateNobodyLeads() {
    assertThat(failure(elections.leader(bytes("election/nobody"))))
        .isInstanceOf(NoLeaderException.class);
  }

  @Test
  void whoHasResignedProclaimsNothing() {
    LeaderKey leader = campaign("election/resigned", "one");
    answer(elections.resign(leader));
    assertThat(failure(elections.proclaim(leader, bytes("two"))))
        .isInstanceOf(NotLeaderException.class);
  }

  private LeaderKey campaign(String name, String proposal) {
    return answer(elections.campaign(bytes(name), lease(), bytes(proposal))).getLeader();
  }

  private void awaitCandidates(String prefix, int count) {
    GetOption option = GetOption.builder().isPrefix(true).withCountOnly(true).build();
    Calls.await(
        "the candidates",
        () -> answer(client.getKVClient().get(bytes(prefix), option)).getCount() == count);
  }

  private long lease() {
    return answer(client.getLeaseClient().grant(TTL_SECONDS)).getID();
  }
}
