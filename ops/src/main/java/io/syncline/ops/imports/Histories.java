package io.syncline.ops.imports;

import com.google.protobuf.ByteString;
import io.syncline.client.HistoryPage;
import io.syncline.client.HistoryQuery;
import io.syncline.client.SynclineClient;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Revision;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Compares the lines of an import with what the store already has of their keys. */
final class Histories {
  private static final int KEYS_AT_ONCE = 64;
  private static final int PAGE_VERSIONS = 10_000;

  private final SynclineClient client;
  private final NamespaceName namespace;

  Histories(SynclineClient client, NamespaceName namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /** One key's versions, oldest first. */
  private record Fetched(Key key, List<PastVersion> versions, boolean truncated) {}

  void compare(ImportPlan plan) {
    Deque<CompletableFuture<Fetched>> underWay = new ArrayDeque<>();
    for (Key key : plan.keys()) {
      if (underWay.size() == KEYS_AT_ONCE) {
        settle(plan, underWay.removeFirst());
      }
      HistoryQuery query =
          HistoryQuery.of(namespace, key).withContent(false).withPageSize(PAGE_VERSIONS);
      underWay.addLast(fetch(query, new ArrayList<>(), false));
    }
    underWay.forEach(fetched -> settle(plan, fetched));
    plan.settleUncertainDeletes();
  }

  private static void settle(ImportPlan plan, CompletableFuture<Fetched> future) {
    Fetched fetched = future.join();
    plan.of(fetched.key()).compare(fetched.versions(), fetched.truncated());
  }

  private CompletableFuture<Fetched> fetch(
      HistoryQuery query, List<PastVersion> versions, boolean truncatedBefore) {
    return client
        .async()
        .history(query)
        .exceptionallyCompose(Histories::emptyIfNeverWritten)
        .thenCompose(page -> {
          page.versions().forEach(version -> versions.add(PastVersion.of(version)));
          boolean truncated = truncatedBefore || page.truncated();
          return page.isLast()
              ? CompletableFuture.completedFuture(new Fetched(query.key(), versions, truncated))
              : fetch(query.withPageToken(page.nextPageToken()), versions, truncated);
        });
  }

  private static CompletableFuture<HistoryPage> emptyIfNeverWritten(Throwable thrown) {
    Throwable failure = Causes.unwrap(thrown);
    boolean neverWritten = failure instanceof RejectedException rejected
        && rejected.rejection().reason() == Reason.KEY_NOT_FOUND;
    return neverWritten
        ? CompletableFuture.completedFuture(
            new HistoryPage(List.of(), Revision.ZERO, ByteString.EMPTY, false))
        : CompletableFuture.failedFuture(failure);
  }
}
