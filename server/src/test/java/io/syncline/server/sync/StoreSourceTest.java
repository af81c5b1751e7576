package io.syncline.server.sync;

import static io.syncline.server.Commands.OTHER;
import static io.syncline.server.Commands.createNamespace;
import static io.syncline.server.Commands.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.model.Command;
import io.syncline.model.ConfigVersion;
import io.syncline.model.NamespaceName;
import io.syncline.model.Revision;
import io.syncline.model.Selector;
import io.syncline.model.Subscription;
import io.syncline.model.Version;
import io.syncline.server.AppliedStoreFixture;
import io.syncline.server.feed.Feed;
import io.syncline.server.sync.StoreSource.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is served of a store to those who follow it. */
class StoreSourceTest extends AppliedStoreFixture {
  private static final int KEYS = 2_500;
  private static final long MUCH = 64 << 20;

  /** A follower gives up after some silence, and what asks again must find the way shorter. */
  @Test
  void aPartOfAnOldRevisionEndsBeforeTooManyHistoriesWereSearched() {
    writeAll("first");
    Revision at = store.revision();
    writeAll("second");
    writeAll("third");
    StoreSource source = source();

    var heads = new ArrayList<ConfigVersion>();
    int parts = 0;
    @Nullable Selector after = null;
    boolean last = false;
    while (!last) {
      ChangeSource.Part part =
          source.snapshot(Subscription.EVERYTHING, Revision.ZERO, at, after, parts++, MUCH);
      assertThat(part.part().heads()).hasSizeLessThanOrEqualTo(1_000);
      heads.addAll(part.part().heads());
      after = part.after();
      last = part.part().last();
    }

    assertThat(heads)
        .hasSize(KEYS)
        .allSatisfy(head -> assertThat(head.version()).isEqualTo(new Version(1)));
    assertThat(parts).isEqualTo(3);
  }

  @Test
  void aPartOfTheNewestRevisionHoldsWhatFits() {
    writeAll("first");
    writeAll("second");

    ChangeSource.Part part =
        source().snapshot(Subscription.EVERYTHING, Revision.ZERO, Revision.ZERO, null, 0, MUCH);

    assertThat(part.part().heads()).hasSize(KEYS);
    assertThat(part.part().last()).isTrue();
  }

  @Test
  void theKeysOfASubscriptionAreThoseOfItsNamespaces() {
    store.apply(createNamespace(OTHER));
    store.apply(put("a", "1"), put("b", "2"));
    store.apply(put("a", "3"));
    StoreSource source = source();

    assertThat(source.keys(Subscription.EVERYTHING)).isEqualTo(2);
    assertThat(source.keys(Subscription.of(Selector.all(NamespaceName.DEFAULT))))
        .isEqualTo(2);
    assertThat(source.keys(Subscription.of(Selector.all(OTHER)))).isZero();
  }

  private void writeAll(String content) {
    List<Command> commands =
        IntStream.range(0, KEYS).mapToObj(i -> put("key/" + i, content)).toList();
    store.apply(commands.toArray(Command[]::new));
  }

  private StoreSource source() {
    return new StoreSource(
        store.store(),
        new Feed(store.store(), 0, 0),
        new Origin(
            () -> new UUID(1, 1),
            () -> 1,
            List::of,
            () -> Revision.ZERO,
            () -> 0,
            Optional.empty()));
  }
}
