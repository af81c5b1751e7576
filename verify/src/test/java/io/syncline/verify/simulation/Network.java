package io.syncline.verify.simulation;

import com.google.protobuf.ByteString;
import io.syncline.client.sync.Upstream;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.proto.sync.v1.CompareRequest;
import io.syncline.proto.sync.v1.CompareResponse;
import io.syncline.proto.sync.v1.FetchRequest;
import io.syncline.proto.sync.v1.FetchResponse;
import io.syncline.proto.sync.v1.PullRequest;
import io.syncline.proto.sync.v1.PullResponse;
import io.syncline.proto.sync.v1.SnapshotRequest;
import io.syncline.proto.sync.v1.SnapshotResponse;
import io.syncline.proto.sync.v1.StreamRequest;
import io.syncline.proto.sync.v1.StreamResponse;
import io.syncline.proto.sync.v1.Subscriber;
import io.syncline.server.sync.Comparison;
import io.syncline.server.sync.Downstream;
import io.syncline.server.sync.PushStream;
import io.syncline.server.sync.Reply;
import io.syncline.server.sync.SnapshotReading;
import io.syncline.server.sync.SyncServer;
import io.syncline.verify.simulation.World.Node;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Takes messages from node to node: late, twice, damaged, or not at all. On a stream they stay in
 * order, or the stream breaks.
 */
final class Network {
  private static final int PERCENT = 100;

  private final World world;
  private int lossPercent;
  private int damagePercent;
  private int repeatPercent;
  private int mostDelayMs = 10;

  Network(World world) {
    this.world = world;
  }

  void worsen() {
    lossPercent = world.random.nextInt(30);
    damagePercent = world.random.nextInt(10);
    repeatPercent = world.random.nextInt(20);
    mostDelayMs = 1 + world.random.nextInt(400);
    world.note("network: loss " + lossPercent + " %, damage " + damagePercent + " %, delay up to "
        + mostDelayMs + " ms");
  }

  void heal() {
    lossPercent = 0;
    damagePercent = 0;
    repeatPercent = 0;
    mostDelayMs = 10;
  }

  void forget(Node node) {
    world.note("connections of " + node.name + " break");
  }

  private boolean happens(int percent) {
    return world.random.nextInt(PERCENT) < percent;
  }

  private long delay() {
    return 1L + world.random.nextInt(mostDelayMs);
  }

  private ByteString mayDamage(ByteString bytes) {
    if (bytes.isEmpty() || !happens(damagePercent)) {
      return bytes;
    }
    byte[] damaged = bytes.toByteArray();
    damaged[world.random.nextInt(damaged.length)] ^= (byte) (1 << world.random.nextInt(8));
    return ByteString.copyFrom(damaged);
  }

  Upstream upstream(Node from, String to) {
    return new Link(from, to);
  }

  /** The way from one life of a follower to whatever lives at the other end. */
  private final class Link implements Upstream {
    private final String to;
    /** What comes for a life that is over never reaches the next one. */
    private final VirtualTime.Life home;

    Link(Node from, String to) {
      this.home = from.life;
      this.to = to;
    }

    @Override
    public String name() {
      return to;
    }

    @Override
    public Call pull(PullRequest request, Answer<PullResponse> answer) {
      return ask(answer, (server, reply) -> server.pull(request, reply));
    }

    @Override
    public Call compare(CompareRequest request, Answer<CompareResponse> answer) {
      return ask(
          answer,
          (server, reply) ->
              afterAdmission(server, request.getSubscriber(), reply, c -> c.compare(request)));
    }

    @Override
    public Call fetch(FetchRequest request, Answer<FetchResponse> answer) {
      return ask(
          answer,
          (server, reply) ->
              afterAdmission(server, request.getSubscriber(), reply, c -> c.fetch(request)));
    }

    private <T> Call ask(Answer<T> answer, Asking<T> asking) {
      int times = happens(repeatPercent) ? 2 : 1;
      for (int i = 0; i < times; i++) {
        carry(() -> asking.ask(peer().server, back(answer)), () -> lost(answer));
      }
      return () -> {};
    }

    private Node peer() {
      return world.node(to);
    }

    /** What is lost is noticed at some time, or by the silence. */
    private void carry(Runnable delivery, Runnable loss) {
      if (happens(lossPercent) || peer().life.over()) {
        if (world.random.nextBoolean()) {
          world.time.after(delay(), () -> atHome(loss));
        }
        return;
      }
      world.time.after(delay(), () -> {
        if (!peer().life.over()) {
          delivery.run();
        } else {
          atHome(loss);
        }
      });
    }

    private void atHome(Runnable task) {
      home.execute(task);
    }

    private <T> void lost(Answer<T> answer) {
      answer.ended(new IllegalStateException("connection lost"));
    }

    private <T> Reply<T> back(Answer<T> answer) {
      return new Reply<>() {
        @Override
        public void answer(T reply) {
          T arriving = damaged(reply);
          if (!happens(lossPercent)) {
            world.time.after(delay(), () -> home.execute(() -> answer.message(arriving)));
          }
        }

        @Override
        public void refuse(Throwable why) {
          world.time.after(delay(), () -> home.execute(() -> answer.ended(why)));
        }
      };
    }

    @Override
    public Call snapshot(SnapshotRequest request, Answer<SnapshotResponse> answer) {
      var reading = new SnapshotReading[1];
      var cancelled = new boolean[1];
      Runnable next = () -> carry(
          () -> {
            if (cancelled[0] || reading[0] == null) {
              return;
            }
            try {
              SnapshotResponse part = damaged(reading[0].next());
              world.time.after(delay(), () -> home.execute(() -> answer.message(part)));
            } catch (RejectedException e) {
              world.time.after(delay(), () -> home.execute(() -> answer.ended(e)));
            }
          },
          () -> lost(answer));
      carry(
          () -> peer().server.snapshot(request, new Reply<>() {
            @Override
            public void answer(SnapshotReading begun) {
              reading[0] = begun;
              next.run();
            }

            @Override
            public void refuse(Throwable why) {
              world.time.after(delay(), () -> home.execute(() -> answer.ended(why)));
            }
          }),
          () -> lost(answer));
      return new Call() {
        @Override
        public void cancel() {
          cancelled[0] = true;
        }

        @Override
        public void more() {
          next.run();
        }
      };
    }

    @Override
    public Stream stream(Answer<StreamResponse> answer) {
      return new Connection(this, answer);
    }

    @SuppressWarnings("unchecked") // each message is replaced by one of its own type
    private <T> T damaged(T message) {
      if (message instanceof PullResponse pull && pull.hasBatch()) {
        return (T) pull.toBuilder()
            .setBatch(
                pull.getBatch().toBuilder().setBatch(mayDamage(pull.getBatch().getBatch())))
            .build();
      }
      if (message instanceof StreamResponse stream && stream.hasBatch()) {
        return (T) stream.toBuilder()
            .setBatch(stream.getBatch().toBuilder()
                .setBatch(mayDamage(stream.getBatch().getBatch())))
            .build();
      }
      if (message instanceof SnapshotResponse part) {
        return (T) part.toBuilder().setChunk(mayDamage(part.getChunk())).build();
      }
      return message;
    }
  }

  private interface Asking<T> {
    void ask(SyncServer server, Reply<T> reply);
  }

  private static <T> void afterAdmission(
      SyncServer server, Subscriber subscriber, Reply<T> reply, Function<Comparison, T> asking) {
    server.compare(subscriber, new Reply<>() {
      @Override
      public void answer(Comparison admitted) {
        try {
          reply.answer(asking.apply(admitted));
        } catch (RejectedException e) {
          reply.refuse(e);
        }
      }

      @Override
      public void refuse(Throwable why) {
        reply.refuse(why);
      }
    });
  }

  /** A stream: what is sent arrives in order until it breaks, at both ends. */
  private final class Connection implements Upstream.Stream, Downstream {
    private final Link link;
    private final Upstream.Answer<StreamResponse> answer;
    private final VirtualClock order = new VirtualClock();
    private @Nullable PushStream push;
    private final VirtualTime.Life home;
    private final VirtualTime.Life away;
    private boolean broken;

    Connection(Link link, Upstream.Answer<StreamResponse> answer) {
      this.link = link;
      this.answer = answer;
      this.home = link.home;
      this.away = link.peer().life;
      if (!away.over()) {
        push = link.peer().server.stream(this);
      }
    }

    @Override
    public void send(StreamRequest request) {
      carry(away, () -> {
        PushStream open = push;
        if (open != null) {
          open.message(request);
        }
      });
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void send(StreamResponse response) {
      StreamResponse arriving = link.damaged(response);
      carry(home, () -> answer.message(arriving));
    }

    @Override
    public void end(Rejection why) {
      carry(home, () -> answer.ended(new RejectedException(why)));
    }

    private void carry(VirtualTime.Life to, Runnable delivery) {
      if (broken) {
        return;
      }
      if (happens(lossPercent) || to.over()) {
        breakOff();
        return;
      }
      world.time.after(order.next(delay()), () -> {
        if (!broken && !to.over()) {
          to.execute(delivery);
        }
      });
    }

    private void breakOff() {
      broken = true;
      PushStream open = push;
      if (open != null) {
        open.closed("the connection broke");
      }
      if (world.random.nextBoolean()) {
        world.time.after(
            delay(),
            () -> home.execute(
                () -> answer.ended(new IllegalStateException("the connection broke"))));
      }
    }

    @Override
    public void cancel() {
      broken = true;
      PushStream open = push;
      if (open != null && !away.over()) {
        open.closed("the follower left");
      }
    }
  }

  /** Delays that never let one message overtake another. */
  private final class VirtualClock {
    private long lastMs;

    long next(long delayMs) {
      lastMs = Math.max(lastMs, world.time.nowMs() + delayMs);
      return lastMs - world.time.nowMs();
    }
  }
}
