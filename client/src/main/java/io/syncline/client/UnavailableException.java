package io.syncline.client;

import org.jspecify.annotations.Nullable;

/**
 * No voter that could answer was reached in time. If the request was a write, surely nothing was
 * done.
 */
public final class UnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnavailableException(@Nullable String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
