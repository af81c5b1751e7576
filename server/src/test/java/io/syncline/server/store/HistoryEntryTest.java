package io.syncline.server.store;

import static io.syncline.server.Commands.compact;
import static io.syncline.server.Commands.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.model.ConfigVersion;
import io.syncline.model.KeyRange;
import io.syncline.model.NamespaceName;
import io.syncline.model.NamespaceRecord;
import io.syncline.model.Revision;
import io.syncline.server.AppliedStore;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the history notes of the version before, and what follows where it does not. */
class HistoryEntryTest {
  @TempDir
  Path folder;

  @Test
  void itReadsWhatItWroteAndWhatWasWrittenBeforeAnythingWasNoted() {
    var place = new ChangePlace(new Revision(7), 3);
    var noted = new HistoryEntry(place, new Revision(5));

    assertThat(HistoryEntry.decode(noted.encode())).isEqualTo(noted);
    assertThat(HistoryEntry.decode(place.encode())).isEqualTo(new HistoryEntry(place, null));
  }

  @Test
  void whereNothingWasNotedAWatchFromBeforeTheOldestVersionCountsAsCompacted() {
    try (var store = new AppliedStore(folder)) {
      store.apply(put("key", "1"));
      store.apply(put("other", "1"));
      store.apply(put("key", "2"));
      store.apply(compact(3));
      assertThat(isWholeFrom(store, 2)).isTrue();
      assertThat(isWholeFrom(store, 1)).isFalse();

      forgetWhatWasBefore(store, store.head("key"));

      assertThat(isWholeFrom(store, 2)).isFalse();
      assertThat(isWholeFrom(store, 3)).isTrue();
    }
  }

  private static void forgetWhatWasBefore(AppliedStore store, ConfigVersion head) {
    var batch = new StoreBatch();
    batch.addVersion(head, store.namespace(NamespaceName.DEFAULT).id(), 0, null);
    store.store().write(batch);
  }

  private static boolean isWholeFrom(AppliedStore store, long revision) {
    NamespaceRecord namespace = store.namespace(NamespaceName.DEFAULT);
    return store
        .store()
        .readSnapshot(reader -> new KeptHistory(reader, namespace)
            .isWholeFrom(KeyRange.prefix("key"), Revision.of(revision)));
  }
}
