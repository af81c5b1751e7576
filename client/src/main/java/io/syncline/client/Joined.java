package io.syncline.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/** Waits for futures and throws what they end with, unwrapped. */
final class Joined {
  private Joined() {}

  static <R> R write(CompletableFuture<R> future) {
    return join(
        future,
        e -> new UnknownOutcomeException(
            "interrupted while waiting; the write may or may not have been committed", e));
  }

  static <R> R read(CompletableFuture<R> future) {
    return join(future, e -> new UnavailableException("interrupted while waiting", e));
  }

  private static <R> R join(
      CompletableFuture<R> future, Function<InterruptedException, RuntimeException> interrupted) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      future.cancel(false);
      Thread.currentThread().interrupt();
      throw interrupted.apply(e);
    } catch (ExecutionException e) {
      throw ofThisThread(e);
    }
  }

  /** The same failure with the stack of the caller: that of a network thread tells it nothing. */
  private static RuntimeException ofThisThread(ExecutionException e) {
    if (e.getCause() instanceof UnavailableException unavailable) {
      return new UnavailableException(unavailable.getMessage(), unavailable.getCause());
    } else if (e.getCause() instanceof UnknownOutcomeException unknown) {
      return new UnknownOutcomeException(unknown.getMessage(), unknown.getCause());
    } else if (e.getCause() instanceof RuntimeException other) {
      return other;
    }
    return new IllegalStateException("the call ended with no exception of the client's", e);
  }
}
