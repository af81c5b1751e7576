package io.syncline.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.client.SynclineClient;
import io.syncline.client.Watch;
import io.syncline.client.WatchEvent;
import io.syncline.client.WatchQuery;
import io.syncline.model.Endpoint;
import io.syncline.model.NamespaceName;
import io.syncline.model.Revision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What a voter says was committed in the default namespace, one change a revision. */
final class ChangeLog {
  /**
   * @param content empty if the change was a delete
   */
  record Change(long revision, String key, long version, String content) {
    private static Change of(WatchEvent event) {
      var version = event.version();
      return new Change(
          version.revision().value(),
          version.key().toString(),
          version.version().value(),
          version.content().toStringUtf8());
    }
  }

  private ChangeLog() {}

  /**
   * Reads the changes of the revisions from one to another, both included, from one voter.
   *
   * @throws AssertionError if a revision is missing, comes twice or out of order, or has not one
   *     change
   */
  static List<Change> read(Endpoint voter, long from, long to) {
    var changes = new ArrayList<Change>();
    if (to < from) {
      return changes;
    }
    var complete = new CompletableFuture<Void>();
    var query = WatchQuery.of(NamespaceName.DEFAULT)
        .withStartRevision(Revision.of(from))
        .withBookmarkInterval(Duration.ofSeconds(1));
    try (var client = SynclineClient.builder().endpoints(List.of(voter)).build();
        Watch watch = client.watch(query, (revision, events) -> {
          assertThat(revision.value())
              .as("the revision told by %s", voter)
              .isEqualTo(from + changes.size());
          assertThat(events).as("changes of revision %s", revision).hasSize(1);
          changes.add(Change.of(events.get(0)));
          if (revision.value() == to) {
            complete.complete(null);
          }
        })) {
      CompletableFuture.anyOf(complete, watch.done())
          .get(ProcessCluster.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return List.copyOf(changes.subList(0, Math.toIntExact(to - from + 1)));
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError(
          "no change log from " + voter + " (expected: " + from + " to " + to + ")", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
