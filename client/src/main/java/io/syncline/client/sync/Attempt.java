package io.syncline.client.sync;

import io.syncline.client.sync.Upstream.Answer;
import io.syncline.client.sync.Upstream.Call;
import java.time.Duration;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one call that is under way, or the wait for the next. What belongs to an earlier call is ignored,
 * and an upstream that is silent for too long ends the call like one that breaks it off. Used on one
 * loop.
 */
final class Attempt {
  private final Loop loop;
  private final FollowSettings settings;
  private final Random random;
  /** Of what is under way; what belongs to an earlier one is ignored. */
  private int epoch;

  private @Nullable Call call;
  private Loop.@Nullable Timer timer;
  private Duration patience = Duration.ZERO;
  private long wordAtMs;
  private Ending ending = error -> {};
  private int failures;

  /**
   * @param random of jitter
   */
  Attempt(Loop loop, FollowSettings settings, Random random) {
    this.loop = loop;
    this.settings = settings;
    this.random = random;
  }

  /** Takes one message. */
  interface Taking<T> {
    void take(T message);
  }

  /** Takes the end of what was under way; no error: it ended well. */
  interface Ending {
    void end(@Nullable Throwable error);
  }

  /**
   * Begins a call; what was begun before is heard no more.
   *
   * @param patience how long to wait for each message
   */
  <T> void begin(
      Function<Answer<T>, ? extends Call> calling,
      Taking<T> taking,
      Ending end,
      Duration patience) {
    Answer<T> answer = answer(++epoch, taking, end);
    this.patience = patience;
    this.ending = end;
    stopTimer();
    awaitWord();
    call = calling.apply(answer);
  }

  private <T> Answer<T> answer(int mine, Taking<T> taking, Ending end) {
    return new Answer<>() {
      @Override
      public void message(T received) {
        if (mine == epoch) {
          taking.take(received);
        }
      }

      @Override
      public void ended(@Nullable Throwable error) {
        if (mine == epoch) {
          end.end(error);
        }
      }
    };
  }

  /** Begins to wait for the next message of the call. Cheap: called for each. */
  void awaitWord() {
    wordAtMs = loop.nowMs();
    if (timer == null) {
      lookForWordAfter(patience);
    }
  }

  private void lookForWordAfter(Duration wait) {
    timer = loop.after(wait, () -> {
      timer = null;
      Duration left = patience.minusMillis(loop.nowMs() - wordAtMs);
      if (left.isZero() || left.isNegative()) {
        ending.end(new IllegalStateException("silent for " + patience.toMillis() + " ms"));
      } else {
        lookForWordAfter(left);
      }
    });
  }

  /** Asks for the next message, where messages come on demand. */
  void more() {
    Call current = call;
    if (current != null) {
      current.more();
    }
  }

  /** Lets go of what is under way. */
  void leave() {
    epoch++;
    Call left = call;
    call = null;
    if (left != null) {
      left.cancel();
    }
    stopTimer();
  }

  private void stopTimer() {
    Loop.Timer running = timer;
    timer = null;
    if (running != null) {
      running.cancel();
    }
  }

  /** Runs what comes next after a wait that doubles with each failure in a row. */
  void retryLater(Runnable next) {
    timer = loop.after(backoff(failures++), () -> {
      timer = null;
      next.run();
    });
  }

  /** The row of failures is over. */
  void noteSuccess() {
    failures = 0;
  }

  /** Half of it for sure, half by chance, so that a crowd does not come back at once. */
  private Duration backoff(int attempt) {
    long most = settings.mostBackoff().toMillis();
    long full = Math.min(most, settings.leastBackoff().toMillis() << Math.min(attempt, 20));
    return Duration.ofMillis(full / 2 + (long) (random.nextDouble() * full / 2));
  }
}
