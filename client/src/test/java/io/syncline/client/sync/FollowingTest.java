package io.syncline.client.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.syncline.client.cache.ImageReplica;
import io.syncline.client.sync.FollowSettings.Mode;
import io.syncline.codec.SyncCodec;
import io.syncline.model.Actor;
import io.syncline.model.ChangeBatch;
import io.syncline.model.Checksum;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Revision;
import io.syncline.model.SnapshotPart;
import io.syncline.model.Subscription;
import io.syncline.model.Version;
import io.syncline.proto.sync.v1.CompareRequest;
import io.syncline.proto.sync.v1.CompareResponse;
import io.syncline.proto.sync.v1.FetchRequest;
import io.syncline.proto.sync.v1.FetchResponse;
import io.syncline.proto.sync.v1.Head;
import io.syncline.proto.sync.v1.PullRequest;
import io.syncline.proto.sync.v1.PullResponse;
import io.syncline.proto.sync.v1.SnapshotRequest;
import io.syncline.proto.sync.v1.SnapshotResponse;
import io.syncline.proto.sync.v1.StreamRequest;
import io.syncline.proto.sync.v1.StreamRequest.Refuse;
import io.syncline.proto.sync.v1.StreamResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a copy does when what it follows cannot give what it asks for. */
class FollowingTest {
  private static final UUID CLUSTER = new UUID(1, 1);

  private final HandLoop loop = new HandLoop();
  private final ScriptedUpstream upstream = new ScriptedUpstream();
  private final ImageReplica replica = new ImageReplica();
  private final Following following = new Following(
      loop,
      replica,
      List.of(upstream),
      new Self("f1", Subscription.EVERYTHING, "", true, List::of),
      FollowSettings.DEFAULT.withMode(Mode.PUSH),
      new Random(1),
      new FollowListener() {});

  @Test
  void aSnapshotThatTheUpstreamCanNeverCompleteIsBegunAnewAtANewerRevision() {
    following.start();
    loop.run();
    upstream.streamed(message(9).setSnapshotNeeded(true));
    upstream.part(5, 0);
    for (int attempt = 1; attempt <= 3; attempt++) {
      upstream.snapshot.ended(refused(Reason.FAULT));
      loop.next();
    }

    assertThat(upstream.snapshotsAt).containsExactly(0L, 5L, 5L, 0L);
  }

  @Test
  void aSnapshotIsGoneOnWithHoweverOftenTheUpstreamCannotBeReached() {
    following.start();
    loop.run();
    upstream.streamed(message(9).setSnapshotNeeded(true));
    upstream.part(5, 0);
    for (int attempt = 1; attempt <= 4; attempt++) {
      upstream.snapshot.ended(new IllegalStateException("cannot be reached"));
      loop.next();
    }

    assertThat(upstream.snapshotsAt).containsExactly(0L, 5L, 5L, 5L, 5L);
  }

  @Test
  void whatCannotBeComparedAtItsRevisionIsComparedOnceTheCopyHasCaughtUpAndNotBefore() {
    replica.apply(batch(0, 5));
    following.start();
    loop.run();
    upstream.streamed(message(9));
    following.verify();
    loop.run();
    assertThat(upstream.compares).isEqualTo(1);

    upstream.compare.ended(
        new RejectedException(Rejection.compacted("revision 5", new Revision(8))));
    for (int heartbeat = 0; heartbeat < 10; heartbeat++) {
      upstream.streamed(message(9));
    }
    upstream.streamed(message(9).setBatch(SyncCodec.frame(batch(5, 7))));

    assertThat(upstream.compares).as("behind").isEqualTo(1);
    assertThat(upstream.streams).as("behind").isEqualTo(2);

    upstream.streamed(message(9).setBatch(SyncCodec.frame(batch(7, 9))));

    assertThat(upstream.compares).as("caught up").isEqualTo(2);
  }

  @Test
  void S4_21_aBatchAfterAHoleIsNotAppliedAndTheHoleIsAskedFor() {
    following.start();
    loop.run();
    upstream.streamed(message(1).setBatch(SyncCodec.frame(batch(0, 1))));
    upstream.sent.clear();

    upstream.streamed(message(3).setBatch(SyncCodec.frame(batch(2, 3))));

    assertThat(replica.cursor()).isEqualTo(new Revision(1));
    assertThat(upstream.sent).hasSize(1);
    assertThat(upstream.sent.get(0).getAcknowledge().getResend()).isTrue();
    assertThat(upstream.sent.get(0).getAcknowledge().getReport().getCursor()).isEqualTo(1);

    upstream.streamed(message(3).setBatch(SyncCodec.frame(batch(1, 3))));
    assertThat(replica.cursor()).isEqualTo(new Revision(3));
  }

  @Test
  void S4_26_whatAnotherClusterOrAnEarlierLeaderSendsIsRefused() {
    following.start();
    loop.run();
    upstream.streamed(message(1).setBatch(SyncCodec.frame(batch(CLUSTER, 5, 0, 1))));
    upstream.sent.clear();

    upstream.streamed(message(2).setBatch(SyncCodec.frame(batch(CLUSTER, 4, 1, 2))));
    upstream.streamed(message(2).setBatch(SyncCodec.frame(batch(new UUID(2, 2), 5, 1, 2))));

    assertThat(replica.cursor()).isEqualTo(new Revision(1));
    assertThat(upstream.sent.stream().map(sent -> sent.getRefuse().getReason()))
        .containsExactly(Refuse.Reason.STALE_TERM, Refuse.Reason.FOREIGN);
  }

  @Test
  void S4_33_whatWasAppliedIsNotAppliedTwice() {
    following.start();
    loop.run();
    upstream.streamed(message(2).setBatch(SyncCodec.frame(batch(0, 2))));

    upstream.streamed(message(2).setBatch(SyncCodec.frame(batch(0, 2))));

    assertThat(replica.cursor()).isEqualTo(new Revision(2));
    assertThat(following.view().counts().duplicates()).isEqualTo(1);
    assertThat(following.view().counts().batches()).isEqualTo(1);
  }

  private static RejectedException refused(Reason reason) {
    return new RejectedException(Rejection.of(reason, "for a reason"));
  }

  private static StreamResponse.Builder message(long head) {
    return StreamResponse.newBuilder()
        .setHead(Head.newBuilder().setClusterId(CLUSTER.toString()).setRevision(head));
  }

  /** Changes a key at its end. */
  private static ChangeBatch batch(long from, long to) {
    return batch(CLUSTER, 1, from, to);
  }

  private static ChangeBatch batch(UUID cluster, long term, long from, long to) {
    var content = ByteString.copyFromUtf8("content of " + to);
    var change = new ConfigVersion(
        NamespaceName.DEFAULT,
        Key.of("key/" + to),
        new Version(1),
        new Revision(to),
        content,
        "",
        Checksum.of(content),
        content.size(),
        Instant.EPOCH,
        Actor.ANONYMOUS,
        "",
        null,
        false,
        new Version(1),
        new Revision(to),
        null);
    return new ChangeBatch(
        cluster,
        term,
        new Revision(from),
        new Revision(to),
        List.of(change),
        Map.of(),
        Instant.EPOCH);
  }

  /** Answers when the test says so. */
  private static final class ScriptedUpstream implements Upstream {
    private final List<Long> snapshotsAt = new ArrayList<>();
    private final List<StreamRequest> sent = new ArrayList<>();
    private int compares;
    private int streams;
    private Answer<StreamResponse> stream = new Ignoring<>();
    private Answer<SnapshotResponse> snapshot = new Ignoring<>();
    private Answer<CompareResponse> compare = new Ignoring<>();

    void streamed(StreamResponse.Builder message) {
      stream.message(message.build());
    }

    void part(long at, int index) {
      snapshot.message(SyncCodec.frame(new SnapshotPart(
          CLUSTER,
          Revision.ZERO,
          new Revision(at),
          1,
          List.of(),
          false,
          Map.of(),
          index,
          10,
          10,
          Instant.EPOCH)));
    }

    @Override
    public String name() {
      return "scripted";
    }

    @Override
    public Call pull(PullRequest request, Answer<PullResponse> answer) {
      throw new AssertionError("not expected to pull");
    }

    @Override
    public Stream stream(Answer<StreamResponse> answer) {
      streams++;
      stream = answer;
      return new Stream() {
        @Override
        public void send(StreamRequest request) {
          sent.add(request);
        }

        @Override
        public void cancel() {}
      };
    }

    @Override
    public Call snapshot(SnapshotRequest request, Answer<SnapshotResponse> answer) {
      snapshotsAt.add(request.getAtRevision());
      snapshot = answer;
      return () -> {};
    }

    @Override
    public Call compare(CompareRequest request, Answer<CompareResponse> answer) {
      compares++;
      compare = answer;
      return () -> {};
    }

    @Override
    public Call fetch(FetchRequest request, Answer<FetchResponse> answer) {
      throw new AssertionError("not expected to fetch");
    }
  }

  private static final class Ignoring<T> implements Upstream.Answer<T> {
    @Override
    public void message(T message) {}

    @Override
    public void ended(@Nullable Throwable error) {}
  }

  /** Time passes when the test says so. */
  private static final class HandLoop implements Loop {
    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private long nowMs;
    private long count;

    private record Task(long atMs, long number, Runnable work) implements Comparable<Task> {
      @Override
      public int compareTo(Task other) {
        int byTime = Long.compare(atMs, other.atMs);
        return byTime != 0 ? byTime : Long.compare(number, other.number);
      }
    }

    @Override
    public long nowMs() {
      return nowMs;
    }

    @Override
    public void execute(Runnable work) {
      tasks.add(new Task(nowMs, count++, work));
    }

    @Override
    public Timer after(Duration delay, Runnable work) {
      var task = new Task(nowMs + delay.toMillis(), count++, work);
      tasks.add(task);
      return () -> tasks.remove(task);
    }

    /** Runs what is due. */
    void run() {
      while (!tasks.isEmpty() && tasks.peek().atMs <= nowMs) {
        tasks.remove().work.run();
      }
    }

    /** Lets time pass until the next thing happens. */
    void next() {
      Task next = tasks.remove();
      nowMs = Math.max(nowMs, next.atMs);
      next.work.run();
    }
  }
}
