package io.syncline.server.rpc;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.syncline.codec.StatusCodec;
import io.syncline.model.Fault;
import io.syncline.model.Futures;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.server.store.StoreClosed;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives answers to callers: a value, or the status that an error stands for. */
public final class Answers {
  private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

  private final Executor workers;
  private final Consumer<Fault> onFault;
  private final Function<Rejection, StatusRuntimeException> refusals;

  /**
   * @param workers runs what may take long: lists, histories, large contents
   * @param onFault stops the node
   */
  Answers(Executor workers, Consumer<Fault> onFault) {
    this(workers, onFault, StatusCodec::toStatus);
  }

  /**
   * @param refusals words a refusal for those who call
   */
  public Answers(
      Executor workers,
      Consumer<Fault> onFault,
      Function<Rejection, StatusRuntimeException> refusals) {
    this.workers = workers;
    this.onFault = onFault;
    this.refusals = refusals;
  }

  /** Answers with what the future brings; making the future may fail as well. */
  public <T> void answer(StreamObserver<T> caller, Supplier<CompletableFuture<T>> answering) {
    CompletableFuture<T> answer;
    try {
      answer = answering.get();
    } catch (RuntimeException | Error e) {
      fail(caller, e);
      return;
    }
    var unused = answer.whenComplete((value, error) -> {
      if (error != null) {
        fail(caller, error);
      } else {
        succeed(caller, value);
      }
    });
  }

  /** Like {@link #answer}, but on another thread. */
  public <T> void answerSlowly(StreamObserver<T> caller, Supplier<CompletableFuture<T>> answering) {
    try {
      workers.execute(() -> answer(caller, answering));
    } catch (RejectedExecutionException e) {
      fail(caller, e);
    }
  }

  /** Runs what answers the caller by itself on another thread; a failure is answered here. */
  public void runSlowly(StreamObserver<?> caller, Runnable answering) {
    try {
      workers.execute(() -> {
        try {
          answering.run();
        } catch (RuntimeException | Error e) {
          fail(caller, e);
        }
      });
    } catch (RejectedExecutionException e) {
      fail(caller, e);
    }
  }

  /** Goes on with a future's value on the workers, unless it is there already. */
  public <T> CompletableFuture<T> slowlyAfter(CompletableFuture<Void> ready, Supplier<T> then) {
    return ready.isDone() && !ready.isCompletedExceptionally()
        ? CompletableFuture.completedFuture(then.get())
        : ready.thenApplyAsync(done -> then.get(), workers);
  }

  /** Goes on with a future's value on the workers. */
  public <T> CompletableFuture<T> onWorkersAfter(CompletableFuture<Void> ready, Supplier<T> then) {
    return ready.thenApplyAsync(done -> then.get(), workers);
  }

  private static <T> void succeed(StreamObserver<T> caller, T value) {
    try {
      caller.onNext(value);
      caller.onCompleted();
    } catch (StatusRuntimeException e) {
      LOG.debug(
          "the caller was gone before its answer: status={}", e.getStatus().getCode());
    }
  }

  public void fail(StreamObserver<?> caller, Throwable error) {
    StatusRuntimeException status = toStatus(error);
    try {
      caller.onError(status);
    } catch (StatusRuntimeException | IllegalStateException e) {
      LOG.debug(
          "the caller was gone before its error: status={}", status.getStatus().getCode());
    }
  }

  static Rejection stopping() {
    return Rejection.of(Reason.NOT_READY, "this voter is stopping; ask another one");
  }

  private static Rejection tooManyWaiting() {
    return Rejection.of(
        Reason.TOO_MANY, "requests waiting: too many for this voter; try again later");
  }

  /** The one place where errors become status. */
  public StatusRuntimeException toStatus(Throwable thrown) {
    Throwable error = Futures.causeOf(thrown);
    if (error instanceof RejectedException rejected) {
      return refusals.apply(rejected.rejection());
    }
    if (error instanceof StatusRuntimeException status) {
      return status;
    }
    if (error instanceof StoreClosed) {
      return refusals.apply(stopping());
    }
    if (error instanceof RejectedExecutionException) {
      return refusals.apply(tooManyWaiting());
    }
    if (error instanceof Fault fault) {
      onFault.accept(fault);
      return refusals.apply(
          Rejection.of(Reason.FAULT, "this voter found its state damaged and stops"));
    }
    LOG.error("a request failed unexpectedly", error);
    return Status.INTERNAL
        .withDescription("unexpected error; see the voter's log")
        .withCause(error)
        .asRuntimeException();
  }
}
