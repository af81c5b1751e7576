package io.syncline.bench.store;

import com.google.protobuf.ByteString;
import io.syncline.bench.load.Completion;
import io.syncline.bench.load.Load;
import io.syncline.client.AsyncSyncline;
import io.syncline.client.SynclineClient;
import io.syncline.client.Watch;
import io.syncline.client.WatchEvent;
import io.syncline.client.WatchListener;
import io.syncline.client.WatchQuery;
import io.syncline.client.WriteResult;
import io.syncline.model.Command;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Endpoint;
import io.syncline.model.Futures;
import io.syncline.model.Key;
import io.syncline.model.KeyRange;
import io.syncline.model.NamespaceName;
import io.syncline.model.NamespaceSettings;
import io.syncline.model.Precondition;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Revision;
import io.syncline.model.Version;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Syncline through its Java client, in one namespace. */
public final class SynclineTarget implements Target {
  private static final String CONTENT_TYPE = "";
  private static final String REASON = "";

  private final SynclineClient client;
  private final AsyncSyncline async;
  private final NamespaceName namespace;

  private SynclineTarget(SynclineClient client, NamespaceName namespace) {
    this.client = client;
    this.async = client.async();
    this.namespace = namespace;
  }

  /**
   * Connects, and creates the namespace if it is not there.
   *
   * @param deadline of every call, retries included
   * @throws RuntimeException as the client throws it, if the namespace cannot be created
   */
  public static SynclineTarget connect(
      List<Endpoint> endpoints, NamespaceName namespace, Duration deadline) {
    SynclineClient client = SynclineClient.builder()
        .endpoints(endpoints)
        .actor("syncline-bench")
        .deadline(deadline)
        .maxOutstandingCalls(Load.MAX_IN_FLIGHT)
        .build();
    try {
      createNamespace(client, namespace);
      return new SynclineTarget(client, namespace);
    } catch (RuntimeException e) {
      client.close();
      throw e;
    }
  }

  private static void createNamespace(SynclineClient client, NamespaceName namespace) {
    try {
      client.write(new Command.CreateNamespace(namespace, NamespaceSettings.KEEP_ALL), REASON);
    } catch (RejectedException e) {
      if (e.rejection().reason() != Rejection.Reason.NAMESPACE_EXISTS) {
        throw e;
      }
    }
  }

  @Override
  public String name() {
    return "syncline";
  }

  public SynclineClient client() {
    return client;
  }

  @Override
  public void put(Key key, ByteString content, Completion<? super Revision> completion) {
    tell(async.put(namespace, key, content), WriteResult::revision, completion);
  }

  @Override
  public void get(Key key, Completion<? super Stored> completion) {
    tell(async.get(namespace, key), SynclineTarget::stored, completion);
  }

  private static Stored stored(Optional<ConfigVersion> found) {
    return found.map(v -> new Stored(v.content(), v.version())).orElse(Stored.NOTHING);
  }

  @Override
  public void compareAndSet(
      Key key, Version expected, ByteString content, Completion<? super Boolean> completion) {
    var put = new Command.Put(
        namespace,
        key,
        Command.Content.of(content, CONTENT_TYPE),
        new Precondition.AtVersion(expected),
        false,
        null);
    whenDone(async.write(put, REASON), written -> completion.succeeded(true), cause -> {
      if (isConflict(cause)) {
        completion.succeeded(false);
      } else {
        completion.failed(cause);
      }
    });
  }

  private static boolean isConflict(Throwable cause) {
    return cause instanceof RejectedException rejected
        && rejected.rejection().reason() == Rejection.Reason.PRECONDITION_FAILED;
  }

  private static <R, T> void tell(
      CompletableFuture<R> call, Function<R, T> result, Completion<? super T> completion) {
    whenDone(call, answer -> completion.succeeded(result.apply(answer)), completion::failed);
  }

  private static <R> void whenDone(
      CompletableFuture<R> call, Consumer<R> onSuccess, Consumer<Throwable> onFailure) {
    // Both outcomes are handled here; nobody waits for the handling.
    var unused = call.whenComplete((answer, thrown) -> {
      if (thrown == null) {
        onSuccess.accept(answer);
      } else {
        onFailure.accept(Futures.causeOf(thrown));
      }
    });
  }

  @Override
  public CompletableFuture<AutoCloseable> watch(KeyRange range, Target.WriteListener listener) {
    var established = new CompletableFuture<Void>();
    WatchQuery fromNow = WatchQuery.of(namespace).withRange(range);
    Watch watch = client.watch(fromNow, new Listening(listener, established));
    whenDone(watch.done(), closed -> {}, cause -> {
      if (!established.completeExceptionally(cause)) {
        listener.ended(cause);
      }
    });
    return established.thenApply(nothing -> watch);
  }

  @Override
  public void close() {
    client.close();
  }

  private record Listening(
      Target.WriteListener listener, CompletableFuture<@Nullable Void> established)
      implements WatchListener {
    @Override
    public void onEstablished(Revision revision) {
      established.complete(null);
    }

    @Override
    public void onChanges(Revision revision, List<WatchEvent> events) {
      for (WatchEvent event : events) {
        if (event.version().live()) {
          listener.written(event.version().key(), event.version().content(), revision);
        }
      }
    }
  }
}
