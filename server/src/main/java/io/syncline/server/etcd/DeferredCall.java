package io.syncline.server.etcd;

import io.grpc.ServerCall;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what is told of a call until it is known who serves it. No message comes before that, for nobody
 * has asked for one: what is kept is little. Any thread.
 */
final class DeferredCall<Q> extends ServerCall.Listener<Q> {
  private final List<Consumer<ServerCall.Listener<Q>>> kept = new ArrayList<>();
  private ServerCall.@Nullable Listener<Q> serving;

  /** Who serves it is told all that was kept, and all that comes. */
  synchronized void serveBy(ServerCall.Listener<Q> listener) {
    kept.forEach(telling -> telling.accept(listener));
    kept.clear();
    serving = listener;
  }

  private synchronized void tell(Consumer<ServerCall.Listener<Q>> telling) {
    ServerCall.Listener<Q> listener = serving;
    if (listener == null) {
      kept.add(telling);
    } else {
      telling.accept(listener);
    }
  }

  @Override
  public void onMessage(Q message) {
    tell(listener -> listener.onMessage(message));
  }

  @Override
  public void onHalfClose() {
    tell(ServerCall.Listener::onHalfClose);
  }

  @Override
  public void onCancel() {
    tell(ServerCall.Listener::onCancel);
  }

  @Override
  public void onComplete() {
    tell(ServerCall.Listener::onComplete);
  }

  @Override
  public void onReady() {
    tell(ServerCall.Listener::onReady);
  }
}
