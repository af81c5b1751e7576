package io.syncline.verify.etcd.jetcd;

import static io.syncline.verify.etcd.jetcd.Calls.answer;
import static io.syncline.verify.etcd.jetcd.Calls.bytes;

import io.etcd.jetcd.Client;
import io.syncline.verify.etcd.cluster.Cluster;

/** Wants a lock that another holds, and asks again whenever the member it waited at is gone. */
final class LockContender implements AutoCloseable {
  private static final long TTL_SECONDS = 600;

  private final Client client;
  private final String name;

  private volatile boolean holds;
  private volatile boolean closed;

  LockContender(Cluster cluster, String name) {
    this.client = cluster.client();
    this.name = name;
  }

  void start() {
    ask(answer(client.getLeaseClient().grant(TTL_SECONDS)).getID());
  }

  private void ask(long lease) {
    var unused = client
        .getLockClient()
        .lock(bytes(name), lease)
        .whenCompleteAsync((held, failure) -> {
          if (failure == null) {
            holds = true;
          } else if (!closed) {
            ask(lease);
          }
        });
  }

  boolean holds() {
    return holds;
  }

  void awaitHolds() {
    Calls.await("the contender to get the lock", () -> holds);
  }

  @Override
  public void close() {
    closed = true;
    client.close();
  }
}
