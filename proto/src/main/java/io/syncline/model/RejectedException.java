package io.syncline.model;

/**
 * Carries a {@link Rejection} where a value cannot: out of a future, or across a call that answers
 * with data. Has no stack trace, for it tells of the request, not of the program.
 */
public final class RejectedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Rejection rejection;

  public RejectedException(Rejection rejection) {
    super(rejection.message(), null, false, false);
    this.rejection = rejection;
  }

  public Rejection rejection() {
    return rejection;
  }
}
