package io.syncline.server.sync;

import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.proto.sync.v1.StreamRequest;
import org.jspecify.annotations.Nullable;

/** The follower's side of a stream: what it sends goes in here. Any thread. */
public final class PushStream {
  private final SyncServer server;
  private final Downstream downstream;
  private @Nullable PushSession session;

  PushStream(SyncServer server, Downstream downstream) {
    this.server = server;
    this.downstream = downstream;
  }

  public void message(StreamRequest message) {
    server.loop().execute(() -> {
      try {
        take(message);
      } catch (RejectedException e) {
        end(e.rejection());
      }
    });
  }

  private void take(StreamRequest message) {
    PushSession open = session;
    if (open != null) {
      open.onMessage(message);
    } else if (message.hasOpen()) {
      open(message.getOpen());
    } else {
      end(Rejection.badArgument("stream: the first message is to open it (expected: open)"));
    }
  }

  private void open(StreamRequest.Open open) {
    FollowerRecord record = server.admit(open.getSubscriber());
    var opened = new PushSession(server, open, record, downstream);
    session = opened;
    server.add(opened);
    server.pushes().beginBeat();
    opened.heartbeat();
    opened.pump();
  }

  private void end(Rejection why) {
    PushSession open = session;
    if (open != null) {
      open.end(why);
    } else {
      downstream.end(why);
    }
  }

  /** The connection takes more again. */
  public void ready() {
    server.loop().execute(() -> {
      PushSession open = session;
      if (open != null) {
        open.pump();
      }
    });
  }

  public void closed(String why) {
    server.loop().execute(() -> {
      PushSession open = session;
      if (open != null) {
        open.left(why);
      }
    });
  }
}
