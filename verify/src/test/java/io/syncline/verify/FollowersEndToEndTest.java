package io.syncline.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Three voters and three followers as processes, and the command as users have it. */
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FollowersEndToEndTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int REFUSED = 1;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  static Path root;

  private ProcessCluster cluster;
  private CommandProcess syncline;
  private final List<FollowerProcess> followers = new ArrayList<>();

  @BeforeAll
  void start() throws Exception {
    cluster = ProcessCluster.started(root.resolve("cluster"));
    syncline = new CommandProcess(root, cluster.endpointsText());
    String voters = cluster.endpointsText();
    followers.add(new FollowerProcess("f1", root, voters, "--mode=push"));
    followers.add(new FollowerProcess("f2", root, voters, "--mode=pull"));
    followers.add(new FollowerProcess(
        "f3", root, followers.get(0).address().toString(), "--propose-to=" + voters));
    put("first", "a relay has nothing to pass on before there is anything");
    followers.forEach(SynclineProcess::start);
    await().atMost(ProcessCluster.PATIENCE).until(() -> known().keySet().size() == 3);
  }

  @AfterAll
  void stop() {
    followers.forEach(SynclineProcess::kill);
    cluster.close();
  }

  @Test
  @Order(1)
  void S1_34_aNewTenantIsThereOnEveryNode() throws Exception {
    run("namespace", "create", "acme").done();
    Map<String, String> tenant = new LinkedHashMap<>();
    tenant.put("config.yaml", "tenant: acme\nregion: eu\n");
    tenant.put("routes/api.yaml", "path: /api\nupstream: blue\n");
    tenant.put("certs/api.pem", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
    tenant.put("plugins/limit.json", "{\"rate\": 1000}");
    for (var entry : tenant.entrySet()) {
      run(
              "put",
              entry.getKey(),
              "-n",
              "acme",
              "--content",
              entry.getValue(),
              "--wait-followers",
              "all")
          .done();
    }

    for (FollowerProcess follower : followers) {
      for (var entry : tenant.entrySet()) {
        assertThat(read(follower, "acme", entry.getKey()))
            .as("%s at %s", entry.getKey(), follower.name())
            .isEqualTo(entry.getValue());
      }
    }
    assertAllLevel();
  }

  @Test
  @Order(2)
  void S1_35_aChangeIsReadOnAllThreeNodes() throws Exception {
    put("limits/rate", "1000");
    put("limits/weight", "70");

    put("limits/rate", "2000");
    String said = run("put", "limits/weight", "--content", "60", "--wait-followers", "all")
        .done();

    assertThat(said).contains("followers: 3 applied, 0 pending, 0 refused");
    for (FollowerProcess follower : followers) {
      assertThat(read(follower, "default", "limits/rate")).isEqualTo("2000");
      assertThat(read(follower, "default", "limits/weight")).isEqualTo("60");
    }
  }

  @Test
  @Order(3)
  void withoutTheCentreFollowersServeRestartKeepDraftsAndComeBackByTheDifferenceOnly()
      throws Exception {
    Path large = Files.writeString(root.resolve("large"), "x".repeat(500_000));
    run("put", "large", "--file", large.toString()).done();
    run("put", "small", "--content", "before", "--wait-followers", "all").done();
    cluster.voters().forEach(VoterProcess::kill);
    FollowerProcess first = followers.get(0);

    assertThat(read(first, "default", "small")).isEqualTo("before");
    assertThat(runAt(at(first), "put", "small", "--content", "after", "--timeout", "2s")
            .err())
        .contains("this is follower \"f1\": it takes no writes")
        .contains("keep a draft here");
    String made = runAt(
            at(first), "draft", "put", "small", "--content", "drafted", "--reason", "cut off")
        .done();
    assertThat(made).contains("draft 1: put 7 B small, made from version 1");
    first.kill();
    first.start();
    await()
        .atMost(ProcessCluster.PATIENCE)
        .until(() -> runAt(at(first), "draft", "list").out().contains("pending"));
    assertThat(read(first, "default", "small")).isEqualTo("before");
    assertThat(runAt(at(first), "get", "small", "--max-staleness", "1ms", "--timeout", "2s")
            .err())
        .as("it says how old its copy is")
        .containsPattern("\\d+ ms|never|unknown");

    cluster.voters().forEach(VoterProcess::start);
    await()
        .atMost(ProcessCluster.PATIENCE)
        .until(() -> runAt(at(first), "draft", "list").out().contains("accepted"));

    assertThat(run("get", "small", "--raw").done()).isEqualTo("drafted");
    for (FollowerProcess follower : followers) {
      await()
          .atMost(ProcessCluster.PATIENCE)
          .until(() -> read(follower, "default", "small").equals("drafted"));
    }
    assertAllLevel();
    assertThat(follower("f1").get("bytes").asLong())
        .as("what came since, and not the whole copy of over 500,000 bytes")
        .isPositive()
        .isLessThan(5_000);
  }

  @Test
  @Order(4)
  void operatorsVerifyShowAndBringAlong() throws Exception {
    JsonNode verified = JSON.readTree(
        run("sync", "verify", "f1", "-n", "default", "--output", "json").done());
    assertThat(verified.at("/0/namespaces/0/differences").asInt()).isZero();

    run("sync", "now").done();
    assertThat(run("sync", "tasks").done()).contains("f1", "completed", "keep up");
    assertThat(run("followers", "show", "f3").done()).contains("upstream             f1");
    assertThat(run("followers", "show", "nobody").failedWith(REFUSED))
        .isEqualTo("syncline: follower \"nobody\": not known to any voter; see syncline followers");
  }

  @Test
  @Order(5)
  void aFollowerThatIsGoneIsRememberedByVotersThatNeverHeardOfIt() throws Exception {
    followers.get(1).kill();
    await()
        .atMost(ProcessCluster.PATIENCE)
        .until(() -> follower("f2").get("state").asText().equals("failed"));
    cluster.voters().forEach(VoterProcess::kill);
    cluster.voters().forEach(VoterProcess::start);
    cluster.awaitAllReady();

    JsonNode remembered = follower("f2");
    assertThat(remembered.get("remembered").asBoolean()).isTrue();
    assertThat(remembered.get("state").asText()).isEqualTo("failed");
    assertThat(remembered.get("cursor").asLong()).isPositive();
  }

  private void put(String key, String content) throws Exception {
    run("put", key, "--content", content).done();
  }

  private String read(FollowerProcess follower, String namespace, String key) throws Exception {
    return runAt(at(follower), "get", key, "-n", namespace, "--consistency", "any", "--raw")
        .done();
  }

  private static String at(FollowerProcess follower) {
    return follower.address().toString();
  }

  private CommandProcess.Ended run(String... arguments) throws IOException, InterruptedException {
    return syncline.run(arguments);
  }

  private CommandProcess.Ended runAt(String endpoint, String first, String... arguments)
      throws IOException, InterruptedException {
    return new CommandProcess(root, endpoint).run(with(first, arguments));
  }

  private static String[] with(String first, String... rest) {
    var all = new ArrayList<>(List.of(first));
    all.addAll(List.of(rest));
    return all.toArray(String[]::new);
  }

  private Map<String, JsonNode> known() throws Exception {
    var known = new LinkedHashMap<String, JsonNode>();
    for (JsonNode follower : JSON.readTree(run("followers", "--output", "json").out())) {
      known.put(follower.get("follower").asText(), follower);
    }
    return known;
  }

  private JsonNode follower(String id) throws Exception {
    return Objects.requireNonNull(known().get(id), id);
  }

  private void assertAllLevel() {
    await().atMost(ProcessCluster.PATIENCE).untilAsserted(() -> {
      for (JsonNode follower : known().values()) {
        assertThat(follower.get("lag_revisions").asLong()).isZero();
        assertThat(follower.get("digests").asText()).isEqualTo("equal");
      }
    });
  }
}
