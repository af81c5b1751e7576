package io.syncline.verify.etcd.jetcd;

import static io.syncline.verify.etcd.jetcd.Calls.pair;
import static io.syncline.verify.etcd.jetcd.Calls.text;

import io.etcd.jetcd.Watch;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchResponse;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What a watcher has been told so far. jetcd tells it from its threads. */
final class Seen implements Watch.Listener {
  private final Queue<WatchResponse> responses = new ConcurrentLinkedQueue<>();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

  @Override
  public void onNext(WatchResponse response) {
    responses.add(response);
  }

  @Override
  public void onError(Throwable failure) {
    failures.add(failure);
  }

  @Override
  public void onCompleted() {}

  List<WatchResponse> responses() {
    return List.copyOf(responses);
  }

  List<Throwable> failures() {
    return List.copyOf(failures);
  }

  List<WatchEvent> events() {
    return responses.stream().flatMap(response -> response.getEvents().stream()).toList();
  }

  /** Each event as {@code PUT key=value} or {@code DELETE key}. */
  List<String> texts() {
    return events().stream().map(Seen::told).toList();
  }

  private static String told(WatchEvent event) {
    return switch (event.getEventType()) {
      case PUT -> "PUT " + pair(event.getKeyValue());
      case DELETE -> "DELETE " + text(event.getKeyValue().getKey());
      case UNRECOGNIZED -> "unrecognized";
    };
  }

  /** Waits for the event, and returns all up to now. */
  List<String> awaitText(String last) {
    Calls.await("the event " + last, () -> texts().contains(last));
    return texts();
  }

  Throwable awaitFailure() {
    Calls.await("a failure", () -> !failures.isEmpty());
    return failures().get(0);
  }
}
