package io.syncline.client;

import com.google.protobuf.ByteString;
import io.syncline.model.Command;
import io.syncline.model.Command.Content;
import io.syncline.model.CommandId;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Consistency;
import io.syncline.model.Endpoint;
import io.syncline.model.Key;
import io.syncline.model.Namespace;
import io.syncline.model.NamespaceName;
import io.syncline.model.OnConflict;
import io.syncline.model.Precondition;
import io.syncline.model.ReadAt;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Version;
import io.syncline.proto.api.v1.AlertsResponse;
import io.syncline.proto.api.v1.DigestResponse;
import io.syncline.proto.api.v1.StatusResponse;
import io.syncline.proto.api.v1.VerifyResponse;
import io.syncline.proto.sync.v1.FollowerStatus;
import io.syncline.proto.sync.v1.ListFollowersResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The operations of {@link SynclineClient} as futures.
 *
 * <p>Futures complete exceptionally with what the blocking operations throw, beyond the bound on
 * outstanding calls at once with a {@link RejectedException} of {@link Reason#TOO_MANY}. They
 * complete on a network thread: what depends on them must not block, and above all not call the
 * blocking client; else use the {@code ...Async} methods of {@link CompletableFuture} with an
 * executor of your own. Cancelling a future ends the attempts; a write may be committed all the same.
 *
 * <p>On a closed client the operations throw {@link IllegalStateException}.
 */
public final class AsyncSyncline {
  private final Dispatch dispatch;
  private final CommandIds commandIds = new CommandIds();

  AsyncSyncline(Dispatch dispatch) {
    this.dispatch = dispatch;
  }

  /** See {@link SynclineClient#put}. */
  public CompletableFuture<WriteResult> put(NamespaceName namespace, Key key, ByteString content) {
    return write(
        new Command.Put(namespace, key, Content.of(content, ""), Precondition.NONE, false, null),
        "");
  }

  /** See {@link SynclineClient#write}. */
  public CompletableFuture<WriteResult> write(Command command, String reason) {
    return dispatch.send(Writes.request(command, commandIds.next(), reason, Optional.empty()));
  }

  /** See {@link SynclineClient#write(Command, String, OnConflict)}. */
  public CompletableFuture<WriteResult> write(
      Command command, String reason, OnConflict onConflict) {
    return write(command, commandIds.next(), reason, onConflict);
  }

  /**
   * Like {@link #write(Command, String)}, under an id of the caller's: whoever keeps command and id may
   * ask again, also after a restart, and the write is carried out once.
   */
  public CompletableFuture<WriteResult> write(Command command, CommandId id, String reason) {
    return dispatch.send(Writes.request(command, id, reason, Optional.empty()));
  }

  /** Under an id of the caller's, and with a word on what to do if the condition does not hold. */
  public CompletableFuture<WriteResult> write(
      Command command, CommandId id, String reason, OnConflict onConflict) {
    return dispatch.send(Writes.request(command, id, reason, Optional.of(onConflict)));
  }

  /** See {@link SynclineClient#get(NamespaceName, Key)}. */
  public CompletableFuture<Optional<ConfigVersion>> get(NamespaceName namespace, Key key) {
    return dispatch.send(Reads.get(namespace, key));
  }

  /** See {@link SynclineClient#get(NamespaceName, Key, ReadAt, Consistency)}. */
  public CompletableFuture<ConfigVersion> get(
      NamespaceName namespace, Key key, ReadAt at, Consistency consistency) {
    return dispatch.send(Reads.get(namespace, key, at, consistency));
  }

  /** See {@link SynclineClient#list}. */
  public CompletableFuture<Page<ConfigVersion>> list(ListQuery query) {
    return dispatch.send(Reads.list(query));
  }

  /** See {@link SynclineClient#history}. */
  public CompletableFuture<HistoryPage> history(HistoryQuery query) {
    return dispatch.send(Reads.history(query));
  }

  /** See {@link SynclineClient#diff}. */
  public CompletableFuture<Difference> diff(
      NamespaceName namespace,
      Key key,
      Version from,
      Version to,
      int contextLines,
      Consistency consistency) {
    return dispatch.send(Reads.diff(namespace, key, from, to, contextLines, consistency));
  }

  /** See {@link SynclineClient#namespace}. */
  public CompletableFuture<Namespace> namespace(NamespaceName name) {
    return dispatch.send(Reads.namespace(name));
  }

  /** See {@link SynclineClient#namespaces}. */
  public CompletableFuture<List<Namespace>> namespaces() {
    return dispatch.send(Reads.namespaces());
  }

  /** See {@link SynclineClient#status}. */
  public CompletableFuture<StatusResponse> status(Endpoint voter) {
    return dispatch.inspect(voter, Reads.status());
  }

  /** See {@link SynclineClient#alerts}. */
  public CompletableFuture<AlertsResponse> alerts(Endpoint node) {
    return dispatch.inspect(node, Reads.alerts());
  }

  /** See {@link SynclineClient#followers}. */
  public CompletableFuture<List<FollowerStatus>> followers(Endpoint node) {
    return dispatch
        .inspect(node, Reads.followers())
        .thenApply(ListFollowersResponse::getFollowersList);
  }

  /** See {@link SynclineClient#verify}. */
  public CompletableFuture<VerifyResponse> verify(
      Endpoint follower, List<NamespaceName> namespaces, boolean repair) {
    return dispatch.inspect(follower, Reads.verify(namespaces, repair));
  }

  /** See {@link SynclineClient#digest}. */
  public CompletableFuture<DigestResponse> digest(
      Endpoint voter, Optional<NamespaceName> namespace, boolean withBuckets) {
    return dispatch.inspect(voter, Reads.digest(namespace, withBuckets));
  }

  /** See {@link SynclineClient#watch}. */
  public Watch watch(WatchQuery query, WatchListener listener) {
    return dispatch.watch(query, listener);
  }
}
