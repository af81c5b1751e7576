package io.syncline.ops.settings;

import io.syncline.model.Endpoint;
import io.syncline.monitor.alert.WebhookSettings;
import io.syncline.server.node.EtcdSettings;
import io.syncline.server.node.MonitoringSettings;
import io.syncline.server.node.RefusedToStart;
import io.syncline.server.node.VoterAddress;
import io.syncline.server.node.VoterSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The settings a voter starts with: defaults, under a YAML file, under the environment, under flags. */
public final class ServerSettings {
  private final Map<Setting<?>, Object> values;

  private ServerSettings(Map<Setting<?>, Object> values) {
    this.values = Map.copyOf(values);
  }

  /**
   * @param file the YAML file's name, for messages
   * @param yaml its bytes; none: no file
   * @param environment all variables; those that are no settings are left alone
   * @param flags texts by setting name
   * @throws InvalidSetting if any of them is not accepted, also one that another overrides
   */
  public static ServerSettings resolve(
      String file, byte[] yaml, Map<String, String> environment, Map<String, String> flags) {
    Map<String, GivenText> fromFile = SettingsFile.read(file, yaml);
    var values = new HashMap<Setting<?>, Object>();
    for (Setting<?> setting : Catalogue.ALL) {
      if (!setting.derived()) {
        values.put(setting, readValue(setting, setting.defaultText(), "default"));
      }
      GivenText inFile = fromFile.get(setting.name());
      if (inFile != null) {
        values.put(setting, readValue(setting, inFile.text(), inFile.where()));
      }
      String variable = environment.get(setting.variable());
      if (variable != null) {
        values.put(setting, readValue(setting, variable, "variable " + setting.variable()));
      }
      String flag = flags.get(setting.name());
      if (flag != null) {
        values.put(setting, readValue(setting, flag, "flag " + setting.flag()));
      }
    }
    return new ServerSettings(values);
  }

  private static Object readValue(Setting<?> setting, String text, String where) {
    return Objects.requireNonNull(setting.read(text, where));
  }

  /** Empty only for a setting whose default follows from others. */
  public <T> Optional<T> find(Setting<T> setting) {
    @SuppressWarnings("unchecked") // put there by the same setting
    T value = (T) values.get(setting);
    return Optional.ofNullable(value);
  }

  private <T> T get(Setting<T> setting) {
    return find(setting).orElseThrow();
  }

  /**
   * @throws InvalidSetting if the settings do not fit each other
   */
  public VoterSettings voter() {
    try {
      Endpoint advertise = find(Catalogue.ADVERTISE).orElse(get(Catalogue.LISTEN));
      return VoterSettings.builder()
          .name(get(Catalogue.NAME))
          .data(get(Catalogue.DATA))
          .listen(get(Catalogue.LISTEN))
          .raftListen(get(Catalogue.RAFT_LISTEN))
          .advertise(advertise)
          .etcd(new EtcdSettings(get(Catalogue.ETCD_LISTEN), get(Catalogue.ETCD_NAMESPACE)))
          .voters(find(Catalogue.VOTERS).orElse(alone(advertise)))
          .maxContentBytes(get(Catalogue.MAX_CONTENT))
          .maxCommandsInFlight(get(Catalogue.MAX_COMMANDS_IN_FLIGHT))
          .electionTimeout(get(Catalogue.ELECTION_TIMEOUT))
          .leaderLease(get(Catalogue.LEADER_LEASE))
          .snapshotLogBytes(get(Catalogue.SNAPSHOT_LOG))
          .snapshotsKept(get(Catalogue.SNAPSHOTS_KEPT))
          .retentionInterval(get(Catalogue.RETENTION_INTERVAL))
          .retentionGrace(get(Catalogue.RETENTION_GRACE))
          .retentionForFollowers(get(Catalogue.RETENTION_FOR_FOLLOWERS))
          .feedChanges(get(Catalogue.FEED_CHANGES))
          .feedBytes(get(Catalogue.FEED_BYTES))
          .maxWatches(get(Catalogue.MAX_WATCHES))
          .monitoring(new MonitoringSettings(
              get(Catalogue.HTTP_LISTEN),
              get(Catalogue.METRICS),
              get(Catalogue.ALERT_WEBHOOK)
                  .map(url -> WebhookSettings.of(url, get(Catalogue.RUNBOOKS)))))
          .build();
    } catch (RefusedToStart | IllegalArgumentException e) {
      throw new InvalidSetting("settings: " + e.getMessage());
    }
  }

  private List<VoterAddress> alone(Endpoint advertise) {
    return List.of(new VoterAddress(get(Catalogue.NAME), advertise, get(Catalogue.RAFT_LISTEN)));
  }
}
