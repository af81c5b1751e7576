package io.syncline.verify.etcd;

/** Makes up operations: the same ones again if it begins with the same seed. */
interface Generator {
  Operation next();

  /** Takes note of what an operation was answered. */
  void learn(Operation operation, Answer answer);

  /** What has to be looked at before the end. */
  Operation last();
}
