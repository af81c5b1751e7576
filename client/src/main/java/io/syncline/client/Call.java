package io.syncline.client;

import com.google.protobuf.MessageLite;
import io.grpc.Channel;
import io.grpc.Deadline;
import io.syncline.client.Failure.Kind;
import io.syncline.client.Request.Purpose;
import io.syncline.model.Endpoint;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request until it is answered, refused or out of time: the only place where requests are tried
 * again. Attempts follow each other, so all fields but the result are touched by one thread at a
 * time.
 */
final class Call<Q extends MessageLite, A, R> {
  /** One that has less time would most likely make an unknown outcome of a known failure. */
  private static final Duration LEAST_ATTEMPT = Duration.ofMillis(50);

  private final Request<Q, A, R> request;
  private final Route route;
  private final Connections connections;
  private final Runnable onEnd;
  private final Deadline deadline;
  private final CompletableFuture<R> result = new CompletableFuture<>();

  private volatile @Nullable Attempt attempt;
  private int failures;
  private boolean mayBeDone;
  private boolean followedHint;

  /**
   * @param onEnd runs once, before the future is completed unless the caller completes it
   */
  Call(Request<Q, A, R> request, Route route, Connections connections, Runnable onEnd) {
    this.request = request;
    this.route = route;
    this.connections = connections;
    this.onEnd = onEnd;
    this.deadline = after(connections.settings().deadline());
  }

  /** Begins the first attempt. Cancelling the future gives the request up, done or not. */
  CompletableFuture<R> start() {
    var unused = result.whenComplete((answer, error) -> {
      if (result.isCancelled()) {
        cancelAttempt();
      }
    });
    attempt();
    return result;
  }

  private void cancelAttempt() {
    Attempt last = attempt;
    if (last != null) {
      last.cancel();
    }
  }

  private void attempt() {
    if (result.isDone()) {
      onEnd.run();
      return;
    }
    Endpoint voter = route.current();
    Attempt next;
    try {
      next = attemptAt(voter);
    } catch (IllegalArgumentException e) {
      failed(voter, Failure.unreachable(e));
      return;
    }
    attempt = next;
    next.start();
    if (result.isCancelled()) {
      next.cancel();
    }
  }

  private Attempt attemptAt(Endpoint voter) {
    Channel channel = connections.channel(voter);
    Deadline limit = after(connections.settings().attemptDeadline());
    Deadline until = request.purpose() == Purpose.INSPECTION ? deadline : deadline.minimum(limit);
    Consumer<Failure> onFailure = failure -> failed(voter, failure);
    Q message = request.message();
    int sizeBytes = message.getSerializedSize();
    Request.Streamed<A> streamed = request.streamed();
    WriteStreams streams = connections.writeStreams();
    if (streamed == null || !streams.suit(voter, sizeBytes)) {
      return new UnaryAttempt<>(
          channel, request.method(), message, until, this::answered, onFailure);
    }
    return new StreamedWrite(
        streams,
        voter,
        channel,
        streamed.content(),
        sizeBytes,
        until,
        answer -> answered(streamed.answer().apply(answer)),
        onFailure);
  }

  private void answered(A answer) {
    R decoded;
    try {
      decoded = request.decode().apply(answer);
    } catch (RuntimeException e) {
      endWith(notUnderstood(e));
      return;
    }
    onEnd.run();
    result.complete(decoded);
  }

  private void failed(Endpoint voter, Failure failure) {
    if (result.isDone()) {
      onEnd.run();
      return;
    }
    failures++;
    mayBeDone |= request.isWrite() && failure.mayBeDone();
    boolean hinted = moveOn(voter, failure);
    if (!isWorthAnother(failure)) {
      end(voter, failure);
    } else if (hinted && !followedHint) {
      // Without a pause, but never twice in a row: two voters may point at each other.
      followedHint = true;
      attempt();
    } else {
      followedHint = false;
      pause(voter, failure);
    }
  }

  /** Makes the next attempt go elsewhere; returns whether the voter told where. */
  private boolean moveOn(Endpoint voter, Failure failure) {
    if (failure.kind() != Kind.PASSING) {
      return false;
    }
    Endpoint leader = leaderHint(failure.rejection());
    if (leader == null || leader.equals(voter)) {
      route.failed(voter);
      return false;
    }
    route.redirected(voter, leader);
    return true;
  }

  private static @Nullable Endpoint leaderHint(@Nullable Rejection rejection) {
    if (rejection == null || rejection.reason() != Reason.NOT_LEADER) {
      return null;
    }
    String hint = rejection.leaderEndpoint();
    try {
      return hint == null ? null : Endpoint.parse(hint);
    } catch (IllegalArgumentException e) {
      // A hint that cannot be read is no hint.
      return null;
    }
  }

  private boolean isWorthAnother(Failure failure) {
    if (request.purpose() == Purpose.INSPECTION || connections.closed() || deadline.isExpired()) {
      return false;
    }
    Rejection rejection = failure.rejection();
    return failure.kind() == Kind.PASSING
        || (failure.kind() == Kind.OVERLOADED
            && rejection != null
            && request.waitsForRoom().test(rejection));
  }

  private void pause(Endpoint voter, Failure failure) {
    Duration delay = connections.backoff().delay(failures);
    boolean inTime =
        delay.plus(LEAST_ATTEMPT).toNanos() < deadline.timeRemaining(TimeUnit.NANOSECONDS);
    if (!inTime || !connections.schedule(this::attempt, delay)) {
      end(voter, failure);
    }
  }

  private void end(Endpoint voter, Failure last) {
    Rejection rejection = last.rejection();
    boolean refused = last.kind() == Kind.REFUSED || last.kind() == Kind.OVERLOADED;
    if (rejection != null && (last.kind() == Kind.DECIDED || (refused && !mayBeDone))) {
      rejected(rejection);
    } else if (mayBeDone) {
      endWith(new UnknownOutcomeException(
          summary(voter, last)
              + "; it may or may not have been committed: read before you repeat it",
          last.error()));
    } else {
      endWith(new UnavailableException(
          summary(voter, last) + "; check that the voters run and reach each other", last.error()));
    }
  }

  private void rejected(Rejection rejection) {
    Optional<R> answer = request.answerOf().apply(rejection);
    if (answer.isPresent()) {
      onEnd.run();
      result.complete(answer.get());
    } else {
      endWith(new RejectedException(rejection));
    }
  }

  private void endWith(RuntimeException error) {
    onEnd.run();
    result.completeExceptionally(error);
  }

  private String summary(Endpoint voter, Failure last) {
    return request.name()
        + ": no answer after "
        + failures
        + (failures == 1 ? " attempt" : " attempts")
        + " (expected: within "
        + connections.settings().deadline().toMillis()
        + " ms, of "
        + connections.settings().endpoints()
        + "), last from "
        + voter
        + ": "
        + last.describe();
  }

  private RuntimeException notUnderstood(RuntimeException cause) {
    String message = request.name() + ": the answer was not understood: " + cause.getMessage();
    return request.isWrite()
        ? new UnknownOutcomeException(message, cause)
        : new UnavailableException(message, cause);
  }

  private static Deadline after(Duration duration) {
    return Deadline.after(duration.toNanos(), TimeUnit.NANOSECONDS);
  }
}
