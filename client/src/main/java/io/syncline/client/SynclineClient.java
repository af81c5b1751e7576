package io.syncline.client;

import com.google.protobuf.ByteString;
import io.syncline.model.Actor;
import io.syncline.model.Command;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Consistency;
import io.syncline.model.Endpoint;
import io.syncline.model.Key;
import io.syncline.model.Namespace;
import io.syncline.model.NamespaceName;
import io.syncline.model.OnConflict;
import io.syncline.model.ReadAt;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Version;
import io.syncline.proto.api.v1.AlertsResponse;
import io.syncline.proto.api.v1.DigestResponse;
import io.syncline.proto.api.v1.StatusResponse;
import io.syncline.proto.api.v1.VerifyResponse;
import io.syncline.proto.sync.v1.FollowerStatus;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A client of a Syncline cluster: writes, reads and watches, as blocking calls.
 *
 * <p>It finds the leader by itself and tries again, at other voters too, until a call's deadline; a
 * write that is tried again is carried out once. Where calls end otherwise than with an answer, they
 * throw one of these, all unchecked:
 *
 * <ul>
 *   <li>{@link RejectedException}: refused, and nothing was done; says why,
 *   <li>{@link UnavailableException}: no voter answered in time, and surely nothing was done,
 *   <li>{@link UnknownOutcomeException}: the write may or may not have been committed.
 * </ul>
 *
 * <p>An interrupted caller gets one of the latter two, with the interrupt kept. All methods may be
 * called from many threads; one client per process is enough. Not for network threads: what depends
 * on a future of {@link #async()} uses that.
 *
 * <pre>{@code
 * try (SynclineClient client = SynclineClient.builder().endpoints(endpoints).build()) {
 *   Key key = Key.of("routes/api");
 *   client.put(NamespaceName.DEFAULT, key, ByteString.copyFromUtf8("timeout: 5s"));
 *
 *   ConfigVersion read = client.get(NamespaceName.DEFAULT, key).orElseThrow();
 *   System.out.println(read.content().toStringUtf8() + " is version " + read.version());
 *
 *   // Only if nobody else has changed it meanwhile.
 *   Precondition unchanged = new Precondition.AtVersion(read.version());
 *   Content content = Content.of(ByteString.copyFromUtf8("timeout: 9s"), "application/yaml");
 *   try {
 *     client.write(
 *         new Put(NamespaceName.DEFAULT, key, content, unchanged, false, null),
 *         "the upstream got slower");
 *   } catch (RejectedException e) {
 *     System.out.println(e.rejection().reason() + ": " + e.getMessage());
 *   }
 * }
 * }</pre>
 */
public final class SynclineClient implements AutoCloseable {
  private final Dispatch dispatch;
  private final AsyncSyncline async;

  private SynclineClient(ClientSettings settings) {
    dispatch = new Dispatch(settings);
    async = new AsyncSyncline(dispatch);
  }

  public static Builder builder() {
    return new Builder();
  }

  /** The same operations, of the same client, as futures. */
  public AsyncSyncline async() {
    return async;
  }

  /** Writes a key, whatever it was before. Content equal to the newest makes no new version. */
  public WriteResult put(NamespaceName namespace, Key key, ByteString content) {
    return Joined.write(async.put(namespace, key, content));
  }

  /**
   * Carries out a write. The result of a {@link Command.CreateNamespace}, {@link
   * Command.UpdateNamespace} or {@link Command.Compact} has no versions, and always counts as a
   * change.
   *
   * @param reason why, at most 1,024 characters, or empty; kept with each version written
   * @throws IllegalArgumentException if given a {@link Command.Prune} or {@link Command.Barrier},
   *     which only voters propose
   */
  public WriteResult write(Command command, String reason) {
    return Joined.write(async.write(command, reason));
  }

  /**
   * Carries out a put or a delete that names what it was made from. If the key has changed since, the
   * strategy says what becomes of it, and a conflict is recorded: {@link WriteResult#conflictId}.
   *
   * @throws RejectedException {@link Reason#CONFLICT} if the conflict was rejected, or waits to be
   *     resolved, among others
   */
  public WriteResult write(Command command, String reason, OnConflict onConflict) {
    return Joined.write(async.write(command, reason, onConflict));
  }

  /** The conflicts that the cluster has recorded. */
  public Conflicts conflicts() {
    return new Conflicts(dispatch);
  }

  /** The key's value now, linearizable; empty if it never existed or is deleted. */
  public Optional<ConfigVersion> get(NamespaceName namespace, Key key) {
    return Joined.read(async.get(namespace, key));
  }

  /**
   * The key as of a version, a revision, a time or now. Of a deleted key only {@link
   * ReadAt.AtVersion} gives the tombstone.
   *
   * @throws RejectedException {@link Reason#KEY_NOT_FOUND}, {@link Reason#VERSION_NOT_FOUND}, {@link
   *     Reason#COMPACTED} and {@link Reason#FUTURE_REVISION} among others
   */
  public ConfigVersion get(NamespaceName namespace, Key key, ReadAt at, Consistency consistency) {
    return Joined.read(async.get(namespace, key, at, consistency));
  }

  /** One page of keys, in their order. */
  public Page<ConfigVersion> list(ListQuery query) {
    return Joined.read(async.list(query));
  }

  /**
   * All keys from the query's page on, all as of one revision. Pages are fetched, by blocking calls,
   * as the stream is consumed.
   */
  public Stream<ConfigVersion> listAll(ListQuery query) {
    return Paging.stream(query.pageToken(), token -> {
      Page<ConfigVersion> page = list(query.withPageToken(token));
      return new Paging.Fetched<>(page.items(), page.nextPageToken());
    });
  }

  /** One page of the kept versions of a key. */
  public HistoryPage history(HistoryQuery query) {
    return Joined.read(async.history(query));
  }

  /**
   * All kept versions from the query's page on. Pages are fetched, by blocking calls, as the stream is
   * consumed. Only {@link #history} tells whether older versions were compacted away.
   */
  public Stream<ConfigVersion> historyAll(HistoryQuery query) {
    return Paging.stream(query.pageToken(), token -> {
      HistoryPage page = history(query.withPageToken(token));
      return new Paging.Fetched<>(page.versions(), page.nextPageToken());
    });
  }

  /**
   * What differs between two versions of a key.
   *
   * @param to {@link Version#NONE}: the newest
   * @param contextLines lines around each difference, at most 1,000; 0: 3
   */
  public Difference diff(
      NamespaceName namespace,
      Key key,
      Version from,
      Version to,
      int contextLines,
      Consistency consistency) {
    return Joined.read(async.diff(namespace, key, from, to, contextLines, consistency));
  }

  /**
   * A namespace as it stands now.
   *
   * @throws RejectedException {@link Reason#NAMESPACE_NOT_FOUND} among others
   */
  public Namespace namespace(NamespaceName name) {
    return Joined.read(async.namespace(name));
  }

  /** All namespaces, by name. */
  public List<Namespace> namespaces() {
    return Joined.read(async.namespaces());
  }

  /** How this voter sees itself and the others. Asked once, there and nowhere else. */
  public StatusResponse status(Endpoint voter) {
    return Joined.read(async.status(voter));
  }

  /** What is wrong by this voter's or follower's own metrics. Asked once, there and nowhere else. */
  public AlertsResponse alerts(Endpoint node) {
    return Joined.read(async.alerts(node));
  }

  /** Who follows this voter or relay, directly or through others. Asked once, there and nowhere else. */
  public List<FollowerStatus> followers(Endpoint node) {
    return Joined.read(async.followers(node));
  }

  /**
   * Has a follower compare its copy with what it follows, and waits for that until the client's
   * deadline. Asked once, there and nowhere else.
   *
   * @param namespaces empty: all
   * @param repair whether what differs is repaired
   */
  public VerifyResponse verify(Endpoint follower, List<NamespaceName> namespaces, boolean repair) {
    return Joined.read(async.verify(follower, namespaces, repair));
  }

  /** The changes written down at this follower. */
  public FollowerDrafts drafts(Endpoint follower) {
    return new FollowerDrafts(dispatch, follower);
  }

  /**
   * Digests of this voter's state. Asked once, there and nowhere else.
   *
   * @param namespace empty: all namespaces
   * @param withBuckets whether to include the 256 bucket sums of each namespace
   */
  public DigestResponse digest(
      Endpoint voter, Optional<NamespaceName> namespace, boolean withBuckets) {
    return Joined.read(async.digest(voter, namespace, withBuckets));
  }

  /**
   * Tells the listener of all changes from the query's revision on, without gap or repetition, until
   * the watch is closed. Returns at once; the watch stands when the listener is told so.
   */
  public Watch watch(WatchQuery query, WatchListener listener) {
    return async.watch(query, listener);
  }

  /**
   * Closes all watches and ends all calls under way: writes whose outcome is not known yet with an
   * {@link UnknownOutcomeException}. Does not wait for them.
   */
  @Override
  public void close() {
    dispatch.close();
  }

  /** What a client is to be like; only the endpoints must be given. */
  public static final class Builder {
    private List<Endpoint> endpoints = List.of();
    private Actor actor = userOfThisProcess();
    private Duration deadline = Duration.ofSeconds(10);
    private int maxMessageBytes = 16 * 1024 * 1024;
    private int maxOutstandingCalls = 4096;

    private Builder() {}

    private static Actor userOfThisProcess() {
      String name = System.getProperty("user.name", "");
      return name.isEmpty() || name.length() > Actor.MAX_NAME_LENGTH
          ? Actor.ANONYMOUS
          : new Actor(name, false);
    }

    /** Voters to begin with, at best all; others that these point to are asked too. */
    public Builder endpoints(List<Endpoint> endpoints) {
      this.endpoints = List.copyOf(endpoints);
      return this;
    }

    /**
     * As {@code host:port,host:port}.
     *
     * @throws IllegalArgumentException if one of them has another form
     */
    public Builder endpoints(String endpoints) {
      return endpoints(Arrays.stream(endpoints.split(",", -1))
          .map(String::strip)
          .map(Endpoint::parse)
          .toList());
    }

    /**
     * Who writes, as kept with each version; by default the system property {@code user.name}.
     *
     * @throws IllegalArgumentException if the name is empty or longer than 256 characters
     */
    public Builder actor(String name) {
      this.actor = new Actor(name, false);
      return this;
    }

    /** How long a call may take with all its attempts; by default 10 s. */
    public Builder deadline(Duration deadline) {
      this.deadline = deadline;
      return this;
    }

    /** The largest message sent or received; by default 16 MiB. */
    public Builder maxMessageBytes(int maxMessageBytes) {
      this.maxMessageBytes = maxMessageBytes;
      return this;
    }

    /**
     * Calls under way at once; by default 4,096. Those beyond are refused at once with a {@link
     * RejectedException} of {@link Reason#TOO_MANY}.
     */
    public Builder maxOutstandingCalls(int maxOutstandingCalls) {
      this.maxOutstandingCalls = maxOutstandingCalls;
      return this;
    }

    /**
     * Connects to nothing yet: that happens with the first call.
     *
     * @throws IllegalArgumentException if no endpoint was given or a bound is not positive
     */
    public SynclineClient build() {
      return new SynclineClient(
          new ClientSettings(endpoints, actor, deadline, maxMessageBytes, maxOutstandingCalls));
    }
  }
}
