package io.syncline.bench.load;

/**
 * Told exactly once how an operation ended, on whatever thread learns of it.
 *
 * <p>Implementations return fast and never block: the thread usually reads the network.
 */
public interface Completion<T> {
  void succeeded(T result);

  void failed(Throwable cause);
}
