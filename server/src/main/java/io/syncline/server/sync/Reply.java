package io.syncline.server.sync;

/** Takes an answer, or a refusal, once. */
public interface Reply<T> {
  void answer(T answer);

  void refuse(Throwable why);
}
