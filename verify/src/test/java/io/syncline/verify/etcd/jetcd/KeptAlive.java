package io.syncline.verify.etcd.jetcd;

import io.etcd.jetcd.lease.LeaseKeepAliveResponse;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What the holder of a lease has been told of it. jetcd tells it from its threads. */
final class KeptAlive implements StreamObserver<LeaseKeepAliveResponse> {
  private final Queue<Long> remainingSeconds = new ConcurrentLinkedQueue<>();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

  @Override
  public void onNext(LeaseKeepAliveResponse response) {
    remainingSeconds.add(response.getTTL());
  }

  @Override
  public void onError(Throwable failure) {
    failures.add(failure);
  }

  @Override
  public void onCompleted() {}

  List<Throwable> failures() {
    return List.copyOf(failures);
  }

  /** Waits until it is told once more that the lease lives. */
  void awaitMore() {
    int before = remainingSeconds.size();
    Calls.await(
        "the lease to be kept alive (failures: " + failures + ")",
        () -> remainingSeconds.size() > before);
  }
}
