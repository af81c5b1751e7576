package io.syncline.model;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** How futures fail. */
public final class Futures {
  private Futures() {}

  /** The failure itself, without what a stage that depends on the future put around it. */
  public static Throwable causeOf(Throwable thrown) {
    Throwable cause = thrown.getCause();
    return thrown instanceof CompletionException && cause != null ? cause : thrown;
  }

  /** What begins, so that failing to begin is a failure of the future too. */
  public static <T> CompletableFuture<T> begun(Supplier<CompletableFuture<T>> beginning) {
    try {
      return beginning.get();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }
}
