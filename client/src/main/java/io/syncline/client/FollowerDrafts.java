package io.syncline.client;

import io.syncline.model.Command;
import io.syncline.model.Endpoint;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection.Reason;
import io.syncline.proto.api.v1.CreateDraftRequest;
import io.syncline.proto.api.v1.CreateDraftResponse;
import io.syncline.proto.api.v1.DiscardDraftRequest;
import io.syncline.proto.api.v1.DiscardDraftResponse;
import io.syncline.proto.api.v1.Draft;
import io.syncline.proto.api.v1.DraftServiceGrpc;
import io.syncline.proto.api.v1.GetDraftRequest;
import io.syncline.proto.api.v1.GetDraftResponse;
import io.syncline.proto.api.v1.ListDraftsRequest;
import io.syncline.proto.api.v1.ListDraftsResponse;
import java.util.List;

/**
 * Changes written down at one follower, to be proposed when the cluster can be reached: blocking calls,
 * each asked once. They end as those of {@link SynclineClient} do; after an {@link
 * UnavailableException} of {@link #create}, look into the list.
 */
public final class FollowerDrafts {
  private final Dispatch dispatch;
  private final Endpoint follower;

  FollowerDrafts(Dispatch dispatch, Endpoint follower) {
    this.dispatch = dispatch;
    this.follower = follower;
  }

  /**
   * Keeps a draft. One that waits for the same key is replaced.
   *
   * @param command a {@link Command.Put} or {@link Command.Delete}; its precondition is checked
   *     against the follower's copy
   * @throws IllegalArgumentException if it is another command
   * @throws RejectedException {@link Reason#WRONG_STATE} by a voter, among others
   */
  public Draft create(Command command, String reason) {
    return create(command, reason, "");
  }

  /**
   * Keeps a draft, with a word on what to do if its key has changed when it is proposed.
   *
   * @param onConflict the text of a strategy; empty: the namespace's setting, or reject
   */
  public Draft create(Command command, String reason, String onConflict) {
    var request = CreateDraftRequest.newBuilder();
    if (command instanceof Command.Put put) {
      request.setPut(Writes.putRequest(put, reason, onConflict));
    } else if (command instanceof Command.Delete delete) {
      request.setDelete(Writes.deleteRequest(delete, reason, onConflict));
    } else {
      throw new IllegalArgumentException(command.getClass().getSimpleName()
          + ": no draft can be made of it (expected: put, delete)");
    }
    CreateDraftResponse created = Joined.read(dispatch.inspect(
        follower, Request.inspection(DraftServiceGrpc.getCreateDraftMethod(), request.build())));
    return created.getDraft();
  }

  /** All drafts the follower has, by id, without contents. */
  public List<Draft> list() {
    ListDraftsResponse listed = Joined.read(dispatch.inspect(
        follower,
        Request.inspection(
            DraftServiceGrpc.getListDraftsMethod(), ListDraftsRequest.getDefaultInstance())));
    return listed.getDraftsList();
  }

  /** One draft, with its content. */
  public Draft get(long id) {
    GetDraftResponse found = Joined.read(dispatch.inspect(
        follower,
        Request.inspection(
            DraftServiceGrpc.getGetDraftMethod(),
            GetDraftRequest.newBuilder().setId(id).build())));
    return found.getDraft();
  }

  /** Forgets a draft, and returns it. */
  public Draft discard(long id) {
    DiscardDraftResponse discarded = Joined.read(dispatch.inspect(
        follower,
        Request.inspection(
            DraftServiceGrpc.getDiscardDraftMethod(),
            DiscardDraftRequest.newBuilder().setId(id).build())));
    return discarded.getDraft();
  }
}
