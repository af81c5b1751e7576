package io.syncline.bench.store;

import io.syncline.bench.load.Completion;
import java.util.concurrent.CompletableFuture;

/** Hands an outcome to the test's thread. */
final class Promise<T> implements Completion<T> {
  private final CompletableFuture<T> future = new CompletableFuture<>();

  @Override
  public void succeeded(T result) {
    future.complete(result);
  }

  @Override
  public void failed(Throwable cause) {
    future.completeExceptionally(cause);
  }

  CompletableFuture<T> future() {
    return future;
  }
}
