package io.syncline.ops.imports;

import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** What futures wrap. */
final class Causes {
  private Causes() {}

  /** The failure itself, which a dependent future wraps and a first one does not. */
  static Throwable unwrap(@Nullable Throwable thrown) {
    if (thrown instanceof CompletionException && thrown.getCause() != null) {
      return thrown.getCause();
    }
    return thrown == null ? new IllegalStateException("a future ended with nothing") : thrown;
  }
}
