package io.syncline.client;

import org.jspecify.annotations.Nullable;

/**
 * The write may or may not have been committed: a voter may have received it, and none told what
 * became of it in time. Read the key to find out, or make the write conditional and repeat it.
 */
public final class UnknownOutcomeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnknownOutcomeException(@Nullable String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
