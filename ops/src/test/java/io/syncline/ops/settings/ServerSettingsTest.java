package io.syncline.ops.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.model.Endpoint;
import io.syncline.monitor.alert.WebhookSettings;
import io.syncline.server.node.MonitoringSettings;
import io.syncline.server.node.VoterSettings;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where settings come from, and what is refused. */
final class ServerSettingsTest {

  private static ServerSettings resolve(
      String yaml, Map<String, String> environment, Map<String, String> flags) {
    return ServerSettings.resolve(
        "c.yaml", yaml.getBytes(StandardCharsets.UTF_8), environment, flags);
  }

  private static ServerSettings ofYaml(String yaml) {
    return resolve(yaml, Map.of(), Map.of());
  }

  @Test
  void flagsWinOverEnvironmentOverFileOverDefaults() {
    var environment =
        Map.of("SYNCLINE_MAX_CONTENT", "2MiB", "SYNCLINE_SNAPSHOTS_KEPT", "3", "HOME", "/x");
    ServerSettings settings = resolve("""
            max-content: 3MiB
            snapshots-kept: 4
            leader-lease: false
            """, environment, Map.of("max-content", "1KiB"));

    assertThat(settings.find(Catalogue.MAX_CONTENT)).contains(1L << 10);
    assertThat(settings.find(Catalogue.SNAPSHOTS_KEPT)).contains(3);
    assertThat(settings.find(Catalogue.LEADER_LEASE)).contains(false);
    assertThat(settings.find(Catalogue.ELECTION_TIMEOUT)).contains(Duration.ofSeconds(1));
  }

  @Test
  void defaultsAreThoseOfTheServer() {
    VoterSettings ours = ofYaml("").voter();
    VoterSettings servers = VoterSettings.builder()
        .name("v1")
        .data(Path.of("syncline-data"))
        .voters(ours.voters())
        // several voters in one process, as tests have them, cannot share a port
        .monitoring(
            MonitoringSettings.DEFAULT.withHttpListen(Optional.of(new Endpoint("127.0.0.1", 7600))))
        .build();

    assertThat(ours).isEqualTo(servers);
  }

  @Test
  void httpAndMetricsCanBeTurnedOff() {
    MonitoringSettings off =
        ofYaml("{http-listen: none, metrics: false}").voter().monitoring();

    assertThat(off).isEqualTo(MonitoringSettings.DEFAULT.withMetrics(false));
    assertThat(ofYaml("http-listen: h:1").voter().monitoring().httpListen())
        .contains(new Endpoint("h", 1));
  }

  @Test
  void aWebhookIsToldWhereTheRunbooksAre() {
    MonitoringSettings told = ofYaml(
            "{alert-webhook: 'https://alerts.example.org/hook', runbooks: 'https://wiki/r/'}")
        .voter()
        .monitoring();

    assertThat(told.webhook())
        .contains(
            WebhookSettings.of(URI.create("https://alerts.example.org/hook"), "https://wiki/r/"));
    assertThatThrownBy(() -> ofYaml("alert-webhook: nowhere"))
        .hasMessageContaining("alert-webhook: \"nowhere\" (expected: a URL such as");
  }

  @Test
  void votersAreAListOrOneLine() {
    String list = """
        voters:
          - v1=h1:1/h1:2
          - v2=h2:1/h2:2
        """;

    assertThat(ofYaml(list).find(Catalogue.VOTERS))
        .isEqualTo(ofYaml("voters: v1=h1:1/h1:2, v2=h2:1/h2:2").find(Catalogue.VOTERS))
        .hasValueSatisfying(voters -> assertThat(voters).hasSize(2));
  }

  @Test
  void advertiseIsListenUnlessGiven() {
    assertThat(ofYaml("listen: h:1").voter().advertise()).isEqualTo(new Endpoint("h", 1));
    assertThat(ofYaml("{listen: h:1, advertise: o:2}").voter().advertise())
        .isEqualTo(new Endpoint("o", 2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "max-contents: 1MiB|c.yaml line 1: unknown setting \"max-contents\"; did you mean"
            + " \"max-content\"?",
        "zzz: 1|c.yaml line 1: unknown setting \"zzz\" (expected: one of name, data,",
        "max-content: 9MiB|c.yaml line 1: max-content: \"9MiB\" (expected: a size of 1KiB to 8MiB)",
        "snapshots-kept: two|snapshots-kept: \"two\" (expected: a whole number of 1 to 100)",
        "election-timeout: 5|\"5\" (expected: a duration of 100ms to 1m)",
        "leader-lease: yes|\"yes\" (expected: true or false)",
        "listen: 7400|listen: \"7400\" (expected: host:port)",
        "voters: v1|(expected: NAME=CLIENT_HOST:PORT/RAFT_HOST:PORT",
        "name: V_1|(expected: 1 to 31 lower-case letters",
        "name: {a: b}|c.yaml line 1: name: a nested mapping",
        "[name]|c.yaml line 1: no mapping"
      })
  void whatIsNotAcceptedIsRefusedInOneSentence(String yaml, String message) {
    assertThatThrownBy(() -> ofYaml(yaml))
        .isInstanceOf(InvalidSetting.class)
        .hasMessageContaining(message);
  }

  @Test
  void malformedYamlIsRefusedWithItsLine() {
    assertThatThrownBy(() -> ofYaml("name: v1\ndata: [\n"))
        .isInstanceOf(InvalidSetting.class)
        .hasMessageStartingWith("c.yaml line 3: malformed YAML");
  }

  @Test
  void aSettingGivenTwiceIsRefused() {
    assertThatThrownBy(() -> ofYaml("name: v1\nname: v2\n"))
        .isInstanceOf(InvalidSetting.class)
        .hasMessage("c.yaml line 2: \"name\" is given twice (expected: once)");
  }

  @Test
  void aBadValueIsRefusedAlsoWhereAnotherOverridesIt() {
    assertThatThrownBy(
            () -> resolve("", Map.of("SYNCLINE_MAX_WATCHES", "no"), Map.of("max-watches", "1")))
        .isInstanceOf(InvalidSetting.class)
        .hasMessageStartingWith("variable SYNCLINE_MAX_WATCHES: max-watches: \"no\"");
  }
}
