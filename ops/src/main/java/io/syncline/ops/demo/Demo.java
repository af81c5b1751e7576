package io.syncline.ops.demo;

import io.syncline.client.SynclineClient;
import io.syncline.client.UnavailableException;
import io.syncline.client.UnknownOutcomeException;
import io.syncline.model.Command.CreateNamespace;
import io.syncline.model.NamespaceName;
import io.syncline.model.NamespaceSettings;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection.Reason;
import io.syncline.ops.RefusedException;
import io.syncline.ops.imports.Import;
import io.syncline.ops.imports.ImportReport;
import io.syncline.ops.output.Terminal;
import io.syncline.proto.api.v1.StatusResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Runs three voters with sample data in this process's care, until it is interrupted. */
public final class Demo {
  static final Duration START_TIMEOUT = Duration.ofSeconds(90);

  private static final String SAMPLE = "/sample/kube-prometheus.jsonl.gz";
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration IMPORT_TIMEOUT = Duration.ofSeconds(60);
  private static final long POLL_MILLIS = 100;

  private final DemoFolder folder;
  private final @Nullable Integer basePort;
  private final boolean empty;
  private final int followers;
  private final Terminal terminal;

  /**
   * @param data where to keep the cluster; null: in a temporary folder
   * @param basePort the first port; null: free ones are picked, or those of the run before
   * @param empty without the sample
   * @param followers how many follow the voters
   */
  public Demo(
      @Nullable Path data,
      @Nullable Integer basePort,
      boolean empty,
      int followers,
      Terminal terminal) {
    this.folder = DemoFolder.of(data);
    this.basePort = basePort;
    this.empty = empty;
    this.followers = followers;
    this.terminal = terminal;
  }

  /** Returns when all voters have ended; a signal ends them, and then the process. */
  public void run() throws IOException, InterruptedException {
    folder.prepare();
    DemoState stopped = stoppedState();
    var cluster = new DemoCluster(folder.path(), terminal.environment(), terminal.err());
    var end = new DemoEnd(folder, stopped, cluster);
    end.onSignal();
    try {
      DemoState running = stopped.running(cluster.start(stopped.voters()));
      running.write(folder.path());
      String leader = awaitReady(cluster, running);
      running = running.followedBy(follow(cluster, running));
      running.whenReady().write(folder.path());
      guide(running).print(terminal.out(), leader, empty, Optional.empty());
      terminal.out().flush();
      awaitEnd(cluster);
    } finally {
      end.run();
    }
  }

  private List<DemoFollower> follow(DemoCluster cluster, DemoState running) throws IOException {
    List<DemoFollower> picked =
        DemoFollower.pick(followers, running.voters().get(0).client());
    cluster.follow(picked, running.endpoints());
    return picked;
  }

  private DemoState stoppedState() throws IOException {
    Optional<DemoState> before = DemoState.read(folder.path());
    if (before.isEmpty()) {
      return DemoState.stopped(
          DemoPorts.pick(basePort, RandomGenerator.getDefault()), folder.temporary());
    }
    List<DemoVoter> voters = before.get().voters();
    if (basePort != null && voters.get(0).client().port() != basePort) {
      throw new RefusedException("--port "
          + basePort
          + ": the cluster in "
          + folder.path()
          + " was founded at port "
          + voters.get(0).client().port()
          + " (expected: that, or no --port)");
    }
    return DemoState.stopped(voters, folder.temporary());
  }

  private DemoGuide guide(DemoState state) {
    String command =
        CommandName.find(terminal.environment(), System.getProperty("java.class.path"));
    return new DemoGuide(command, state);
  }

  /**
   * @return the leader's name
   */
  private String awaitReady(DemoCluster cluster, DemoState state)
      throws IOException, InterruptedException {
    terminal.err().println("demo: starting three voters in " + folder.path());
    long deadlineNanos = System.nanoTime() + START_TIMEOUT.toNanos();
    try (SynclineClient client = client(state, CALL_TIMEOUT)) {
      while (!(allReady(client, state) && servesWrites(client))) {
        cluster.requireAllAlive();
        if (System.nanoTime() > deadlineNanos) {
          throw new RefusedException("demo: not ready after "
              + START_TIMEOUT.toSeconds()
              + " s; see "
              + DemoCluster.logs(folder.path()));
        }
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      }
    }
    if (!empty) {
      importSample(state);
    }
    try (SynclineClient client = client(state, CALL_TIMEOUT)) {
      return leader(client, state);
    }
  }

  private static SynclineClient client(DemoState state, Duration deadline) {
    return SynclineClient.builder()
        .endpoints(state.endpoints())
        .actor("demo")
        .deadline(deadline)
        .build();
  }

  private static boolean allReady(SynclineClient client, DemoState state) {
    return state.voters().stream()
        .allMatch(voter -> status(client, voter).map(StatusResponse::getReady).orElse(false));
  }

  private static Optional<StatusResponse> status(SynclineClient client, DemoVoter voter) {
    try {
      return Optional.of(client.status(voter.client()));
    } catch (UnavailableException | RejectedException e) {
      return Optional.empty();
    }
  }

  /** That a namespace exists already is decided by the leader with a majority, as any write is. */
  private static boolean servesWrites(SynclineClient client) {
    try {
      client.write(new CreateNamespace(NamespaceName.DEFAULT, NamespaceSettings.KEEP_ALL), "");
      return true;
    } catch (RejectedException e) {
      return e.rejection().reason() == Reason.NAMESPACE_EXISTS;
    } catch (UnavailableException | UnknownOutcomeException e) {
      return false;
    }
  }

  private void importSample(DemoState state) throws IOException, InterruptedException {
    try (SynclineClient client = client(state, IMPORT_TIMEOUT)) {
      ImportReport report =
          Import.ofResource(SAMPLE, new NamespaceName(DemoGuide.NAMESPACE)).run(client, terminal);
      terminal.err().println("demo: " + report.sentence());
    }
  }

  static String leader(SynclineClient client, DemoState state) {
    return state.voters().stream()
        .flatMap(voter -> status(client, voter).stream())
        .map(StatusResponse::getLeader)
        .filter(leader -> !leader.isEmpty())
        .findFirst()
        .orElse("");
  }

  private void awaitEnd(DemoCluster cluster) throws InterruptedException {
    try {
      cluster.allEnded().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
    throw new RefusedException(
        "demo: all voters have ended; see " + DemoCluster.logs(folder.path()));
  }
}
