package io.syncline.verify.etcd;

import com.google.protobuf.Message;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** What the operations so far have left open at one store. Used by one thread at a time. */
final class Session implements AutoCloseable {
  /** A token that no store has given out. */
  static final String STRANGER = "stranger";

  private final Target target;
  private final Map<String, String> tokens = new HashMap<>(Map.of(STRANGER, "aGFja2Vy.1"));
  private final Map<Integer, WatchStream> streams = new TreeMap<>();

  Session(Store store) {
    target = new Target(store);
  }

  Target target() {
    return target;
  }

  Answer call(Method method, Message request, Way way) {
    return target.call(method, request, way, tokens.getOrDefault(way.user(), ""));
  }

  /** From now on, what this user does is done by this token. */
  void authenticated(String user, String token) {
    tokens.put(user, token);
  }

  void open(int number, WatchStream stream) {
    streams.put(number, stream);
  }

  WatchStream stream(int number) {
    WatchStream stream = streams.get(number);
    if (stream == null) {
      throw new IllegalArgumentException("no stream " + number);
    }
    return stream;
  }

  void closeStream(int number) {
    stream(number).close();
    streams.remove(number);
  }

  Map<Integer, WatchStream> streams() {
    return streams;
  }

  @Override
  public void close() {
    streams.values().forEach(WatchStream::close);
    target.close();
  }
}
