package io.syncline.client.sync;

import io.syncline.proto.sync.v1.CompareRequest;
import io.syncline.proto.sync.v1.CompareResponse;
import io.syncline.proto.sync.v1.FetchRequest;
import io.syncline.proto.sync.v1.FetchResponse;
import io.syncline.proto.sync.v1.PullRequest;
import io.syncline.proto.sync.v1.PullResponse;
import io.syncline.proto.sync.v1.SnapshotRequest;
import io.syncline.proto.sync.v1.SnapshotResponse;
import io.syncline.proto.sync.v1.StreamRequest;
import io.syncline.proto.sync.v1.StreamResponse;
import org.jspecify.annotations.Nullable;

/**
 * What a copy follows: a voter, or another follower. Requests are made on the copy's loop, and
 * answers arrive on it.
 */
public interface Upstream {
  /** For people: the address. */
  String name();

  Call pull(PullRequest request, Answer<PullResponse> answer);

  /** Push. What is sent on the stream arrives in order or not at all. */
  Stream stream(Answer<StreamResponse> answer);

  /** Chunks come one at a time: {@link Call#more} asks for the next. */
  Call snapshot(SnapshotRequest request, Answer<SnapshotResponse> answer);

  Call compare(CompareRequest request, Answer<CompareResponse> answer);

  Call fetch(FetchRequest request, Answer<FetchResponse> answer);

  /** A request under way. */
  interface Call {
    /** Gives it up. What arrives afterwards is to be ignored by the caller. */
    void cancel();

    /** Asks for one more message, where messages come on demand. */
    default void more() {}
  }

  /** An open stream. */
  interface Stream extends Call {
    void send(StreamRequest request);
  }

  /** Takes what comes back. */
  interface Answer<T> {
    void message(T message);

    /**
     * Nothing more comes.
     *
     * @param error null: it ended well; a {@link io.syncline.model.RejectedException} if it was
     *     refused
     */
    void ended(@Nullable Throwable error);
  }
}
