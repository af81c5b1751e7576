package io.syncline.bench.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.syncline.bench.load.Load;
import io.syncline.bench.load.Progress;
import io.syncline.bench.store.Dataset;
import io.syncline.bench.store.SynclineTarget;
import io.syncline.model.Key;
import io.syncline.model.Revision;
import io.syncline.model.Selector;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
final class FanOutTest {
  private static final String PREFIX = "fan-out/";
  private static final Selector WHAT =
      new Selector(OneVoter.NAMESPACE, ByteString.copyFromUtf8(PREFIX));

  @TempDir
  Path folder;

  private final Dataset data = new Dataset(PREFIX, 10, 100, 1);
  private OneVoter voter;
  private SynclineTarget target;

  @BeforeEach
  void start() throws IOException {
    voter = OneVoter.start(folder);
    target = voter.connect();
  }

  @AfterEach
  void stop() {
    target.close();
    voter.close();
  }

  @ParameterizedTest
  @EnumSource
  void everyFollowerSeesEveryChangeOnceAndInOrderWhateverTheLoad(Kind kind) {
    try (Audience audience = kind.join(voter, begin())) {
      FanOut fanOut = fanOut(audience);

      Delivery full = fanOut.full(20, 4, 1);
      Delivery steady =
          fanOut.steady(Load.open(4, 100, Duration.ofMillis(100), Duration.ofMillis(200), 1));

      assertThat(full.check().toString()).isEqualTo("missing 0, doubled 0, out of order 0");
      assertThat(full.events()).isEqualTo(100);
      assertThat(full.fromStart().getTotalCount()).isEqualTo(100);
      assertThat(full.bytes()).isGreaterThan(100 * 100);
      assertThat(full.eventsPerCpuSecond()).isEqualTo(0);
      assertThat(steady.check().passed()).isTrue();
      assertThat(steady.events()).isEqualTo(5 * 30);
      assertThat(steady.fromCommit().getTotalCount()).isEqualTo(5 * 20);
    }
  }

  /** A namespace that was changed before lends its revisions: they are none of the audience's. */
  @Test
  void whatIsWrittenElsewhereIsNoEvent() {
    Revision from = begin();
    try (var audience = join(from)) {
      target.client().put(OneVoter.NAMESPACE, Key.of("other"), ByteString.copyFromUtf8("x"));

      assertThat(fanOut(audience).full(20, 4, 1).events()).isEqualTo(100);
    }
  }

  @Test
  void aFollowerThatStopsFollowingIsMissed() {
    try (var audience = join(begin())) {
      FanOut fanOut = fanOut(audience);
      audience.seats().get(3).ended(new IllegalStateException("gone"));

      Delivery full = fanOut.full(20, 4, 1);

      assertThat(full.check().passed()).isFalse();
      assertThat(full.check().toString())
          .contains("one ended: java.lang.IllegalStateException: gone");
    }
  }

  private Revision begin() {
    return target
        .client()
        .put(OneVoter.NAMESPACE, Key.of("begin"), ByteString.copyFromUtf8("begin"))
        .revision();
  }

  private Audience join(Revision from) {
    return Kind.LIGHT.join(voter, from);
  }

  /** What follows. */
  enum Kind {
    LIGHT {
      @Override
      Audience join(OneVoter voter, Revision from) {
        return StreamAudience.join(List.of(voter.endpoint()), WHAT, from, 5, 2);
      }
    },
    VERIFYING {
      @Override
      Audience join(OneVoter voter, Revision from) {
        return FollowerAudience.join(List.of(voter.endpoint()), WHAT, from, 5, 2);
      }
    };

    abstract Audience join(OneVoter voter, Revision from);
  }

  private FanOut fanOut(Audience audience) {
    return new FanOut(target, data, audience, Map::of, Progress.NONE);
  }
}
