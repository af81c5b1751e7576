package io.syncline.verify.etcd.jetcd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.common.exception.EtcdException;
import io.grpc.Status;
import io.syncline.verify.etcd.cluster.Cluster;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** jetcd's calls, waited for; its byte strings, as text. */
final class Calls {
  private static final Duration POLL = Duration.ofMillis(20);

  private Calls() {}

  /** The answer, which must come. */
  static <T> T answer(CompletableFuture<T> call) {
    try {
      return call.get(Cluster.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError("failed", e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("no answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** What the call failed with, which it must. */
  static Throwable failure(CompletableFuture<?> call) {
    try {
      Object answer = call.get(Cluster.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      throw new AssertionError("answered " + answer + " (expected: a failure)");
    } catch (ExecutionException e) {
      return Objects.requireNonNullElse(e.getCause(), e);
    } catch (TimeoutException e) {
      throw new AssertionError("no answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** The call must be refused in the very words of etcd. */
  static void assertRefused(CompletableFuture<?> call, Status.Code code, String words) {
    Throwable failure = failure(call);
    // jetcd says in its own words that it cannot log in, and why as the cause.
    Throwable told = Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .filter(each -> each.getMessage() != null && each.getMessage().contains(words))
        .findFirst()
        .orElseThrow(() -> new AssertionError("expected: " + words, failure));
    assertThat(code(told)).isEqualTo(code);
  }

  /** Which of jetcd's two ways to tell a code is taken depends on the call. */
  private static Status.Code code(Throwable failure) {
    return failure instanceof EtcdException told
        ? Status.Code.valueOf(told.getErrorCode().name())
        : Status.fromThrowable(failure).getCode();
  }

  /** Waits until it holds; what throws does not hold yet. */
  static void await(String what, Callable<Boolean> holds) {
    Awaitility.await(what)
        .atMost(Cluster.PATIENCE)
        .pollInterval(POLL)
        .pollDelay(Duration.ZERO)
        .ignoreExceptions()
        .until(holds);
  }

  static ByteSequence bytes(String text) {
    return ByteSequence.from(text, UTF_8);
  }

  static String text(ByteSequence bytes) {
    return bytes.toString(UTF_8);
  }

  /** A pair as {@code key=value}. */
  static String pair(KeyValue pair) {
    return text(pair.getKey()) + "=" + text(pair.getValue());
  }
}
