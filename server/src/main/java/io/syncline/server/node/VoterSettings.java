package io.syncline.server.node;

import io.syncline.model.Endpoint;
import io.syncline.server.admission.Limits;
import io.syncline.server.raft.RaftOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Everything one may set of a voter.
 *
 * @param advertise where clients reach this voter, as told to others
 * @param voters the full membership, this voter included
 * @param retentionInterval how often the leader looks for history that may go
 * @param retentionGrace a namespace's count limit never drops what was superseded more recently
 * @param retentionForFollowers bytes of the change log that are kept, at most, for followers behind
 * @param followerNoteInterval how often the leader notes where followers stand
 * @param feedChanges recent changes kept in memory, at most
 * @param feedBytes their bytes, at most
 * @param maxWatches watches at once, at most
 */
public record VoterSettings(
    String name,
    Path data,
    Endpoint listen,
    Endpoint raftListen,
    Endpoint advertise,
    List<VoterAddress> voters,
    Limits limits,
    int maxCommandsInFlight,
    RaftOptions raft,
    Duration retentionInterval,
    Duration retentionGrace,
    long retentionForFollowers,
    Duration followerNoteInterval,
    int feedChanges,
    long feedBytes,
    int maxWatches,
    MonitoringSettings monitoring,
    EtcdSettings etcd) {

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,30}");
  /** No voter can be set to accept more than this. */
  public static final long MAX_CONTENT_BYTES = 8L << 20;

  /**
   * @throws RefusedToStart if the settings contradict each other
   */
  public VoterSettings {
    voters = List.copyOf(voters);
    require(
        NAME.matcher(name).matches(),
        "name: \"" + name + "\" (expected: 1 to 31 lower-case letters, digits or '-')");
    long named = voters.stream().filter(voter -> voter.name().equals(name)).count();
    require(
        named == 1,
        "voters: \"" + name + "\" stands in the list " + named + " times (expected: once)");
    long distinct = voters.stream().map(VoterAddress::name).distinct().count();
    require(distinct == voters.size(), "voters: " + voters + " (expected: each name once)");
    require(
        limits.maxContentBytes() > 0 && limits.maxContentBytes() <= MAX_CONTENT_BYTES,
        "max-content: "
            + limits.maxContentBytes()
            + " bytes (expected: 1 to "
            + MAX_CONTENT_BYTES
            + ")");
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new RefusedToStart(message);
    }
  }

  VoterAddress self() {
    return voters.stream()
        .filter(voter -> voter.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Starts from the defaults; name, data and voters must be given. */
  public static final class Builder {
    private String name = "";
    private Path data = Path.of("data");
    private Endpoint listen = new Endpoint("127.0.0.1", 7400);
    private Endpoint raftListen = new Endpoint("127.0.0.1", 7500);
    private Endpoint advertise = listen;
    private boolean advertised;
    private List<VoterAddress> voters = List.of();
    private long maxContentBytes = 1L << 20;
    private int maxCommandsInFlight = 16_384;
    private Duration electionTimeout = Duration.ofSeconds(1);
    private boolean leaderLease = true;
    private long snapshotLogBytes = 256L << 20;
    private int snapshotsKept = 2;
    private Duration retentionInterval = Duration.ofMinutes(1);
    private Duration retentionGrace = Duration.ofMinutes(10);
    private long retentionForFollowers = 1L << 30;
    private Duration followerNoteInterval = Duration.ofSeconds(10);
    private int feedChanges = 4_096;
    private long feedBytes = 64L << 20;
    private int maxWatches = 10_000;
    private MonitoringSettings monitoring = MonitoringSettings.DEFAULT;
    private EtcdSettings etcd = EtcdSettings.DEFAULT;

    private Builder() {}

    public Builder name(String value) {
      name = value;
      return this;
    }

    public Builder data(Path value) {
      data = value;
      return this;
    }

    public Builder listen(Endpoint value) {
      listen = value;
      return this;
    }

    public Builder raftListen(Endpoint value) {
      raftListen = value;
      return this;
    }

    public Builder advertise(Endpoint value) {
      advertise = value;
      advertised = true;
      return this;
    }

    public Builder voters(List<VoterAddress> value) {
      voters = value;
      return this;
    }

    public Builder maxContentBytes(long value) {
      maxContentBytes = value;
      return this;
    }

    public Builder maxCommandsInFlight(int value) {
      maxCommandsInFlight = value;
      return this;
    }

    public Builder electionTimeout(Duration value) {
      electionTimeout = value;
      return this;
    }

    public Builder leaderLease(boolean value) {
      leaderLease = value;
      return this;
    }

    public Builder snapshotLogBytes(long value) {
      snapshotLogBytes = value;
      return this;
    }

    public Builder snapshotsKept(int value) {
      snapshotsKept = value;
      return this;
    }

    public Builder retentionInterval(Duration value) {
      retentionInterval = value;
      return this;
    }

    public Builder retentionGrace(Duration value) {
      retentionGrace = value;
      return this;
    }

    public Builder retentionForFollowers(long value) {
      retentionForFollowers = value;
      return this;
    }

    public Builder followerNoteInterval(Duration value) {
      followerNoteInterval = value;
      return this;
    }

    public Builder feedChanges(int value) {
      feedChanges = value;
      return this;
    }

    public Builder feedBytes(long value) {
      feedBytes = value;
      return this;
    }

    public Builder maxWatches(int value) {
      maxWatches = value;
      return this;
    }

    public Builder etcd(EtcdSettings value) {
      etcd = value;
      return this;
    }

    public Builder monitoring(MonitoringSettings value) {
      monitoring = value;
      return this;
    }

    /**
     * @throws RefusedToStart if the settings contradict each other
     */
    public VoterSettings build() {
      Limits limits = Limits.forContent(maxContentBytes);
      return new VoterSettings(
          name,
          data,
          listen,
          raftListen,
          advertised ? advertise : listen,
          voters,
          limits,
          maxCommandsInFlight,
          new RaftOptions(
              electionTimeout,
              leaderLease,
              snapshotLogBytes,
              snapshotsKept,
              limits.maxCommandBytes()),
          retentionInterval,
          retentionGrace,
          retentionForFollowers,
          followerNoteInterval,
          feedChanges,
          feedBytes,
          maxWatches,
          monitoring,
          etcd);
    }
  }
}
