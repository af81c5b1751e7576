package io.syncline.verify.etcd.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import io.etcd.jetcd.maintenance.StatusResponse;
import io.syncline.bench.process.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Three members, seen by etcd's API alone, with all their files and logs in one folder. */
public final class Cluster implements AutoCloseable {
  /** How long to wait for what must happen. */
  public static final Duration PATIENCE =
      Duration.ofSeconds(Long.getLong("syncline.test.patience", 120));

  private static final int SIZE = 3;
  private static final int PORTS_OF_A_MEMBER = 4;
  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration ANSWER = Duration.ofSeconds(3);
  private static final ByteSequence PROBE = ByteSequence.from("probe", UTF_8);

  private final Product product;
  private final List<Member> members;
  private final Client inspector;

  private Cluster(Product product, List<Member> members) {
    this.product = product;
    this.members = members;
    this.inspector = client();
  }

  /** Starts three members, and returns when each of them answers for the cluster. */
  public static Cluster started(Product product, Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var cluster = new Cluster(product, members(product, folder));
    try {
      cluster.members.forEach(Member::start);
      cluster.awaitHealthy();
      return cluster;
    } catch (RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  private static List<Member> members(Product product, Path folder) {
    List<Integer> free = FreePorts.take(SIZE * PORTS_OF_A_MEMBER);
    List<MemberPorts> ports = IntStream.range(0, SIZE)
        .mapToObj(i -> {
          List<Integer> own = free.subList(i * PORTS_OF_A_MEMBER, (i + 1) * PORTS_OF_A_MEMBER);
          return new MemberPorts("m" + (i + 1), own.get(0), own.get(1), own.get(2), own.get(3));
        })
        .toList();
    return ports.stream()
        .map(member -> new Member(member, product.command(member, ports, folder), folder))
        .toList();
  }

  /** All, by name. */
  public List<Member> members() {
    return members;
  }

  /** Of all members: {@code http://host:port}. */
  public List<String> endpoints() {
    return members.stream().map(Member::endpoint).toList();
  }

  /** A client of all members. The caller closes it. */
  public Client client() {
    return clientBuilder().build();
  }

  /** For a client of all members that is more than that. */
  public ClientBuilder clientBuilder() {
    return Client.builder().endpoints(endpoints().toArray(String[]::new));
  }

  /** A client of one member. The caller closes it. */
  public static Client clientOf(Member member) {
    return Client.builder().endpoints(member.endpoint()).build();
  }

  /** Waits until one leads. */
  public Member awaitLeader() {
    return awaitLeaderOtherThan(List.of());
  }

  /** Waits until another one leads. */
  public Member awaitLeaderOtherThan(Member old) {
    return awaitLeaderOtherThan(List.of(old));
  }

  private Member awaitLeaderOtherThan(List<Member> old) {
    var found = new ArrayList<Member>();
    await("a leader other than " + old, () -> {
      leader().filter(member -> !old.contains(member)).ifPresent(found::add);
      return !found.isEmpty();
    });
    return found.get(0);
  }

  /** Of those that say they lead the one of the newest term. */
  private Optional<Member> leader() {
    record Claim(Member member, long term) {}
    var claims = new ArrayList<Claim>();
    for (Member member : members) {
      status(member)
          .filter(status -> status.getLeader() == status.getHeader().getMemberId())
          .ifPresent(status -> claims.add(new Claim(member, status.getRaftTerm())));
    }
    return claims.stream().max(Comparator.comparingLong(Claim::term)).map(Claim::member);
  }

  /** How a member sees itself; empty if it does not answer. */
  private Optional<StatusResponse> status(Member member) {
    if (!member.alive()) {
      return Optional.empty();
    }
    try {
      return Optional.of(inspector
          .getMaintenanceClient()
          .statusMember(member.endpoint())
          .get(ANSWER.toMillis(), TimeUnit.MILLISECONDS));
    } catch (ExecutionException | TimeoutException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Waits until all members run, know one leader and answer reads that are linearizable. */
  public void awaitHealthy() {
    members.forEach(member -> await(member + " to answer", () -> answers(member)));
    var unused = awaitLeader();
  }

  private boolean answers(Member member) {
    if (status(member).filter(status -> status.getLeader() != 0).isEmpty()) {
      return false;
    }
    try (var client = clientOf(member)) {
      var unused = client.getKVClient().get(PROBE).get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private void await(String what, BooleanSupplier reached) {
    try {
      Awaitility.await(what)
          .atMost(PATIENCE)
          .pollInterval(POLL)
          .pollDelay(Duration.ZERO)
          .until(reached::getAsBoolean);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("waited in vain for " + what + "\n" + describe(), e);
    }
  }

  /** How all members stand, for messages. */
  private String describe() {
    return members.stream()
        .map(
            member -> member + (member.alive() ? " runs:\n" : " has ended:\n") + member.lastWords())
        .collect(Collectors.joining("\n"));
  }

  @Override
  public void close() {
    inspector.close();
    members.forEach(Member::close);
  }

  @Override
  public String toString() {
    return product.toString();
  }
}
