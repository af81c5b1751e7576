package io.syncline.client;

import static io.syncline.client.Answers.KEY;
import static io.syncline.client.Answers.TEAM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.ByteString;
import io.syncline.model.Consistency;
import io.syncline.model.KeyRange;
import io.syncline.model.ReadAt;
import io.syncline.model.Revision;
import io.syncline.model.Version;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class QueryTest {
  private static final ByteString TOKEN = ByteString.copyFromUtf8("token");

  @Test
  void aListQueryKeepsWhatItIsGiven() {
    var at = new ReadAt.AtRevision(new Revision(4));
    KeyRange range = KeyRange.prefix("a");

    assertThat(ListQuery.of(TEAM)
            .withRange(range)
            .withAt(at)
            .withConsistency(Consistency.ANY)
            .withPageSize(7)
            .withPageToken(TOKEN)
            .withContent(false)
            .withDeleted(true))
        .isEqualTo(new ListQuery(TEAM, range, at, Consistency.ANY, 7, TOKEN, false, true));
  }

  @Test
  void aListQueryRefusesWhatCannotBeListed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ListQuery.of(TEAM).withPageSize(-1))
        .withMessage("page size: -1 (expected: >= 0)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ListQuery.of(TEAM).withAt(new ReadAt.AtVersion(new Version(1))));
  }

  @Test
  void aHistoryQueryKeepsWhatItIsGiven() {
    assertThat(HistoryQuery.of(TEAM, KEY)
            .withNewestFirst(true)
            .withConsistency(Consistency.ANY)
            .withPageSize(7)
            .withPageToken(TOKEN)
            .withContent(false))
        .isEqualTo(new HistoryQuery(TEAM, KEY, true, Consistency.ANY, 7, TOKEN, false));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HistoryQuery.of(TEAM, KEY).withPageSize(-1));
  }

  @Test
  void aWatchQueryKeepsWhatItIsGiven() {
    KeyRange range = KeyRange.prefix("a");

    assertThat(WatchQuery.of(TEAM)
            .withRange(range)
            .withStartRevision(new Revision(4))
            .withContent(false)
            .withPrevious(true)
            .withBookmarkInterval(Duration.ofSeconds(1)))
        .isEqualTo(
            new WatchQuery(TEAM, range, new Revision(4), false, true, Duration.ofSeconds(1)));
  }

  @Test
  void aWatchQueryRefusesABookmarkIntervalOutOfBounds() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WatchQuery.of(TEAM).withBookmarkInterval(Duration.ofMillis(99)))
        .withMessage("bookmark interval: PT0.099S (expected: 100 ms to 1 day)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WatchQuery.of(TEAM).withBookmarkInterval(Duration.ofDays(2)));
  }
}
