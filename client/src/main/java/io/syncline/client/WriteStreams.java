package io.syncline.client;

import io.syncline.model.Endpoint;
import io.syncline.model.WriteManyLimits;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** A stream of writes to each voter that is being written to. */
final class WriteStreams {
  /** Larger writes go by themselves, so that they hold up no others. */
  static final int MAX_WRITE_BYTES = 64 << 10;

  /** A message of answers may be larger than the limit by one answer. */
  private static final int LEAST_MESSAGE_BYTES = 2 * WriteManyLimits.MAX_BYTES;

  /** An open stream costs the voter something. */
  private static final Duration IDLE = Duration.ofSeconds(30);

  private final Connections connections;
  private final Duration idle;
  private final Map<Endpoint, WriteStream> streams = new HashMap<>();
  private final Set<Endpoint> notServing = new HashSet<>();

  WriteStreams(Connections connections) {
    this(connections, IDLE);
  }

  /**
   * @param idle a stream unused for as long is closed
   */
  WriteStreams(Connections connections, Duration idle) {
    this.connections = connections;
    this.idle = idle;
  }

  /** Whether a write of this size may go to the voter over a stream. */
  synchronized boolean suit(Endpoint voter, int sizeBytes) {
    return sizeBytes <= MAX_WRITE_BYTES
        && connections.settings().maxMessageBytes() >= LEAST_MESSAGE_BYTES
        && !notServing.contains(voter)
        && (streams.size() < Connections.MAX_CHANNELS || streams.containsKey(voter));
  }

  void start(StreamedWrite write) {
    WriteStream stream;
    boolean isNew = false;
    synchronized (this) {
      stream = streams.get(write.voter());
      if (stream == null || !stream.take(write)) {
        isNew = true;
        stream = new WriteStream(this, write.voter(), write.channel(), connections, idle);
        stream.take(write);
        streams.put(write.voter(), stream);
      }
    }
    if (isNew) {
      stream.open();
    } else {
      stream.send();
    }
  }

  synchronized void ended(WriteStream stream, Endpoint voter) {
    streams.remove(voter, stream);
  }

  /** The voter is of a release that knows no such stream. */
  synchronized void notServed(Endpoint voter) {
    if (notServing.size() >= Connections.MAX_CHANNELS) {
      notServing.clear();
    }
    notServing.add(voter);
  }
}
