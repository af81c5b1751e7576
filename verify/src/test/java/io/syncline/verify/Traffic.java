package io.syncline.verify;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.syncline.client.ListQuery;
import io.syncline.client.Page;
import io.syncline.client.SynclineClient;
import io.syncline.client.UnavailableException;
import io.syncline.client.UnknownOutcomeException;
import io.syncline.codec.StatusCodec;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Key;
import io.syncline.model.KeyRange;
import io.syncline.model.NamespaceName;
import io.syncline.model.Rejection.Reason;
import io.syncline.proto.api.v1.ConfigServiceGrpc;
import io.syncline.proto.api.v1.GetRequest;
import io.syncline.proto.api.v1.GetResponse;
import io.syncline.proto.api.v1.PutRequest;
import io.syncline.proto.api.v1.WriteResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that read and write a few keys at once, and note all of it. Some find the leader by
 * themselves; others keep asking one voter, whatever becomes of it.
 */
final class Traffic implements AutoCloseable {
  static final List<String> KEYS = List.of("a", "b", "c");

  private static final int ROAMING_WRITERS = 2;
  private static final int ROAMING_READERS = 1;
  private static final int READERS_A_VOTER = 2;
  private static final Duration PINNED_DEADLINE = Duration.ofMillis(500);
  private static final Duration ROAMING_DEADLINE = Duration.ofSeconds(5);

  // Refusals are fast: without a pause they would take the machine from those they wait for.
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** How often readers pinned to one voter have asked it, and been answered. */
  static final class Pinned {
    final AtomicInteger asked = new AtomicInteger();
    final AtomicInteger answered = new AtomicInteger();
  }

  private final String name;
  private final ConcurrentLinkedQueue<Operation> operations = new ConcurrentLinkedQueue<>();
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final Map<String, Pinned> pinned = new HashMap<>();
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Future<?>> running = new ArrayList<>();
  private final SynclineClient client;
  private volatile boolean stopping;

  /**
   * @param name part of all contents, which makes them unique
   * @param seed of what is read and written
   */
  Traffic(ProcessCluster cluster, String name, long seed) {
    this.name = name;
    client = SynclineClient.builder()
        .endpoints(cluster.endpoints())
        .deadline(ROAMING_DEADLINE)
        .build();
    var seeds = new Random(seed);
    for (int i = 0; i < ROAMING_WRITERS; i++) {
      run("writer-" + i, new Random(seeds.nextLong()), this::write);
    }
    for (int i = 0; i < ROAMING_READERS; i++) {
      run("reader-" + i, new Random(seeds.nextLong()), this::read);
    }
    for (VoterProcess voter : cluster.voters()) {
      pin(voter, seeds);
    }
  }

  private void pin(VoterProcess voter, Random seeds) {
    ManagedChannel channel = NettyChannelBuilder.forAddress(
            voter.client().host(), voter.client().port())
        .usePlaintext()
        .build();
    channels.add(channel);
    var counts = new Pinned();
    pinned.put(voter.name(), counts);
    // A roaming writer may wait for a leader that is cut off; this one is there when another
    // begins.
    run(
        "writer-of-" + voter.name(),
        new Random(seeds.nextLong()),
        (writer, random, number) -> writeAt(channel, writer, random, number));
    for (int i = 0; i < READERS_A_VOTER; i++) {
      run(
          "reader-" + i + "-of-" + voter.name(),
          new Random(seeds.nextLong()),
          (reader, random, number) -> readAt(channel, counts, reader, random));
    }
  }

  @FunctionalInterface
  private interface Step {
    /**
     * @return what to note of it
     */
    Optional<Operation> take(String client, Random random, int number);
  }

  private void run(String client, Random random, Step step) {
    running.add(threads.submit(() -> {
      for (int number = 1; !stopping; number++) {
        step.take(client, random, number).ifPresentOrElse(operations::add, Traffic::pause);
      }
    }));
  }

  private static void pause() {
    LockSupport.parkNanos(PAUSE_NANOS);
  }

  private static String anyKey(Random random) {
    return KEYS.get(random.nextInt(KEYS.size()));
  }

  private Optional<Operation> write(String writer, Random random, int number) {
    String key = anyKey(random);
    String content = name + " " + writer + " " + number;
    long beganNanos = System.nanoTime();
    try {
      var result = client.put(NamespaceName.DEFAULT, Key.of(key), ByteString.copyFromUtf8(content));
      acknowledged.incrementAndGet();
      return Optional.of(
          Operation.write(writer, key, content, result.revision().value(), beganNanos));
    } catch (UnknownOutcomeException e) {
      return Optional.of(Operation.unanswered(writer, key, content, beganNanos));
    } catch (UnavailableException e) {
      return Optional.empty();
    }
  }

  private Optional<Operation> read(String reader, Random random, int number) {
    String key = anyKey(random);
    long beganNanos = System.nanoTime();
    try {
      Page<ConfigVersion> page =
          client.list(ListQuery.of(NamespaceName.DEFAULT).withRange(KeyRange.single(Key.of(key))));
      String content = page.items().get(0).content().toStringUtf8();
      return Optional.of(Operation.read(reader, key, content, page.revision().value(), beganNanos));
    } catch (UnavailableException e) {
      return Optional.empty();
    }
  }

  private Optional<Operation> writeAt(
      ManagedChannel channel, String writer, Random random, int number) {
    String key = anyKey(random);
    String content = name + " " + writer + " " + number;
    var request = PutRequest.newBuilder()
        .setNamespace(NamespaceName.DEFAULT.toString())
        .setKey(ByteString.copyFromUtf8(key))
        .setContent(ByteString.copyFromUtf8(content))
        .build();
    long beganNanos = System.nanoTime();
    try {
      WriteResponse answer = ConfigServiceGrpc.newBlockingStub(channel)
          .withDeadlineAfter(PINNED_DEADLINE)
          .put(request);
      acknowledged.incrementAndGet();
      return Optional.of(
          Operation.write(writer, key, content, answer.getHeader().getRevision(), beganNanos));
    } catch (StatusRuntimeException e) {
      boolean refused = StatusCodec.fromStatus(e)
          .filter(rejection ->
              rejection.reason() == Reason.NOT_LEADER || rejection.reason() == Reason.NOT_READY)
          .isPresent();
      return refused
          ? Optional.empty()
          : Optional.of(Operation.unanswered(writer, key, content, beganNanos));
    }
  }

  private static Optional<Operation> readAt(
      ManagedChannel channel, Pinned counts, String reader, Random random) {
    String key = anyKey(random);
    var request = GetRequest.newBuilder()
        .setNamespace(NamespaceName.DEFAULT.toString())
        .setKey(ByteString.copyFromUtf8(key))
        .build();
    long beganNanos = System.nanoTime();
    counts.asked.incrementAndGet();
    try {
      GetResponse answer = ConfigServiceGrpc.newBlockingStub(channel)
          .withDeadlineAfter(PINNED_DEADLINE)
          .get(request);
      counts.answered.incrementAndGet();
      return Optional.of(Operation.read(
          reader,
          key,
          answer.getVersion().getContent().toStringUtf8(),
          answer.getHeader().getRevision(),
          beganNanos));
    } catch (StatusRuntimeException e) {
      return Optional.empty();
    }
  }

  /** How many writes were acknowledged so far. */
  int acknowledged() {
    return acknowledged.get();
  }

  /** What those pinned to a voter have met so far. */
  Pinned pinnedTo(VoterProcess voter) {
    return Optional.ofNullable(pinned.get(voter.name())).orElseThrow();
  }

  /** Lets everybody finish, and returns what was noted. */
  List<Operation> stop() throws InterruptedException, ExecutionException {
    stopping = true;
    for (Future<?> one : running) {
      one.get();
    }
    return List.copyOf(operations);
  }

  @Override
  public void close() {
    stopping = true;
    threads.shutdownNow();
    client.close();
    channels.forEach(ManagedChannel::shutdownNow);
  }
}
