package io.syncline.server.etcd;

import io.grpc.BindableService;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.syncline.model.Endpoint;
import io.syncline.model.Fault;
import io.syncline.model.NamespaceName;
import io.syncline.server.admission.Limits;
import io.syncline.server.rpc.Answers;
import io.syncline.server.rpc.Serving;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * All services of etcd's API at one voter. They are offered at the etcd door, and at the door of the
 * voter's own API too: there a voter finds the leader's, to hand on what only the leader can answer.
 */
public final class EtcdServices implements AutoCloseable {
  private static final int WORKERS = 4;
  private static final int MAX_WAITING_REQUESTS = 10_000;
  private static final int MAX_ANSWER_BYTES = 512 << 20;

  private final ThreadPoolExecutor workers;
  private final VoterChannels voters;
  private final Passwords passwords;
  private final Lessor lessor;
  private final Contest contest;
  private final LeaseService leases;
  private final ElectionService elections;
  private final List<ServerServiceDefinition> definitions;

  /**
   * @param serving gives what requests need, or refuses while there is nothing yet
   * @param electionTimeout of Raft: no lease is shorter than elections may take
   * @param listen tells where this voter serves clients of etcd; empty: nowhere
   * @param temporary a folder for files that are sent
   * @param onFault stops the node
   */
  public EtcdServices(
      Supplier<Serving> serving,
      NamespaceName namespace,
      Limits limits,
      Duration electionTimeout,
      Supplier<Optional<Endpoint>> listen,
      Path temporary,
      Consumer<Fault> onFault) {
    workers = new ThreadPoolExecutor(
        WORKERS,
        WORKERS,
        1,
        TimeUnit.MINUTES,
        new ArrayBlockingQueue<>(MAX_WAITING_REQUESTS),
        runnable -> new Thread(runnable, "syncline-etcd-worker"));
    workers.allowCoreThreadTimeOut(true);
    voters = new VoterChannels(serving, MAX_ANSWER_BYTES);
    var random = new SecureRandom();
    passwords = new Passwords(random);
    var keyspace = new Keyspace(serving, namespace, limits);
    var access = new Access(() -> serving.get().reads().auth());
    var answers = new Answers(workers, onFault, EtcdStatus::of);
    var contestAnswers = new Answers(workers, onFault, ContestStatus::of);
    var tokens = new Tokens(Clock.systemUTC());
    lessor = new Lessor(
        new LeadingVoter(keyspace),
        Lessor.leastTtl(electionTimeout),
        electionTimeout,
        System::nanoTime,
        onFault);
    contest = new Contest(keyspace, access, lessor, random);
    leases = new LeaseService(
        keyspace,
        access,
        answers,
        lessor,
        new Renewals(keyspace, lessor, voters, answers, electionTimeout),
        random);
    elections = new ElectionService(keyspace, access, contest, contestAnswers);
    List<BindableService> services = List.of(
        new KvService(keyspace, access, answers),
        leases,
        new LockService(keyspace, contest, contestAnswers),
        elections,
        new AuthService(keyspace, access, passwords, tokens, random, answers),
        new MaintenanceService(
            keyspace, access, answers, new Snapshots(keyspace, workers, answers, temporary)),
        new ClusterService(keyspace, access, answers, voters, listen));
    var callers = new CallerInterceptor(
        access::state,
        revision -> serving.get().reads().awaitAuth(revision),
        tokens,
        workers,
        answers);
    var toLeader = new ToLeader(voters, keyspace);
    // the last one is asked first
    var watches = new WatchService(keyspace, access, voters, answers);
    definitions = Stream.concat(
            services.stream().map(BindableService::bindService), Stream.of(watches.definition()))
        .map(service -> ServerInterceptors.intercept(service, callers, toLeader))
        .toList();
  }

  /** Every service, with what stands before it. */
  public List<ServerServiceDefinition> definitions() {
    return definitions;
  }

  /** How many leases this voter looks after; none if it does not lead. */
  public int leases() {
    return lessor.count();
  }

  /** How many calls wait for a lock or to be elected. */
  public int contenders() {
    return contest.waiting();
  }

  /** Once this voter serves. */
  public void start() {
    lessor.start();
  }

  /** Tells clients to go on elsewhere. To be called before the doors close, which would just cut them off. */
  public void endStreams() {
    contest.close();
    leases.endStreams();
    elections.endStreams();
  }

  @Override
  public void close() {
    endStreams();
    lessor.close();
    passwords.close();
    workers.shutdownNow();
    voters.close();
  }
}
