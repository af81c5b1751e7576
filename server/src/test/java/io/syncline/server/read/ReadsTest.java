package io.syncline.server.read;

import static io.syncline.server.Commands.DEFAULT;
import static io.syncline.server.Commands.OTHER;
import static io.syncline.server.Commands.compact;
import static io.syncline.server.Commands.createNamespace;
import static io.syncline.server.Commands.delete;
import static io.syncline.server.Commands.prune;
import static io.syncline.server.Commands.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.syncline.model.Command;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Key;
import io.syncline.model.KeyRange;
import io.syncline.model.NamespaceName;
import io.syncline.model.Precondition;
import io.syncline.model.ReadAt;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Revision;
import io.syncline.model.Version;
import io.syncline.server.AppliedStore;
import io.syncline.server.retain.Sweep;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a read answers, and how it refuses. */
class ReadsTest {
  @TempDir
  Path folder;

  private AppliedStore store;
  private Reads reads;

  @BeforeEach
  void open() {
    store = new AppliedStore(folder);
    reads = new Reads(store.store());
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void aKeyIsReadNowByVersionByRevisionAndByTime() {
    store.apply(put("key", "one"));
    store.apply(put("other", "x"));
    store.apply(put("key", "two"));
    Instant third = store.changes().get(2).createdAt();

    assertThat(text(ReadAt.NOW)).isEqualTo("two");
    assertThat(text(version(1))).isEqualTo("one");
    assertThat(text(revision(2))).isEqualTo("one");
    assertThat(text(revision(3))).isEqualTo("two");
    assertThat(text(new ReadAt.AtTime(third.minusMillis(1)))).isEqualTo("one");
    assertThat(text(new ReadAt.AtTime(third))).isEqualTo("two");
    assertThat(text(new ReadAt.AtTime(third.plusSeconds(9999)))).isEqualTo("two");
    assertThat(reads.get(DEFAULT, Key.of("key"), revision(2)).revision())
        .isEqualTo(new Revision(2));
  }

  /** An answer may not state an older revision than an answer given before. */
  @Test
  void statedRevisionsNeverGoBackWhileWritesGoOn() throws Exception {
    store.apply(put("quiet", "x"), put("busy", "0"));
    var writer = new Thread(() -> {
      for (int i = 1; i <= 5_000; i++) {
        store.apply(put("busy", "" + i));
      }
    });
    writer.start();
    Revision newest = Revision.ZERO;
    while (writer.isAlive()) {
      for (String key : List.of("busy", "quiet")) {
        Revision stated = reads.get(DEFAULT, Key.of(key), ReadAt.NOW).revision();
        assertThat(stated).isGreaterThanOrEqualTo(newest);
        newest = stated;
      }
    }
    writer.join();
  }

  @Test
  void aDeletedKeyIsNotFoundButItsTombstoneIsReadByVersion() {
    store.apply(put("key", "one"), delete("key"));

    assertThat(refusal(ReadAt.NOW).reason()).isEqualTo(Reason.KEY_NOT_FOUND);
    assertThat(refusal(revision(2)).reason()).isEqualTo(Reason.KEY_NOT_FOUND);
    assertThat(text(revision(1))).isEqualTo("one");
    assertThat(reads.get(DEFAULT, Key.of("key"), version(2)).version().tombstone())
        .isTrue();
  }

  @Test
  void whatCannotBeReadIsRefusedByName() {
    store.apply(put("key", "one"), put("key", "two"), put("key", "three"));
    store.apply(compact(2));

    assertThat(refusal("none", ReadAt.NOW).reason()).isEqualTo(Reason.KEY_NOT_FOUND);
    assertThat(refusal("none", version(1)).reason()).isEqualTo(Reason.KEY_NOT_FOUND);
    Rejection version = refusal(version(4));
    assertThat(version.reason()).isEqualTo(Reason.VERSION_NOT_FOUND);
    assertThat(version.message()).contains("version 4", "1 to 3");
    Rejection future = refusal(revision(4));
    assertThat(future.reason()).isEqualTo(Reason.FUTURE_REVISION);
    assertThat(future.nearest()).isEqualTo(new Revision(3));
    Rejection below = refusal(revision(1));
    assertThat(below.reason()).isEqualTo(Reason.COMPACTED);
    assertThat(below.nearest()).isEqualTo(new Revision(2));
    assertThat(refusal(version(1)).reason()).isEqualTo(Reason.COMPACTED);
    assertThat(refusal(new ReadAt.AtTime(Instant.EPOCH)).reason()).isEqualTo(Reason.COMPACTED);
    assertThat(text(revision(2))).isEqualTo("two");
    RejectedException unknown = catchThrowableOfType(
        RejectedException.class,
        () -> reads.get(new NamespaceName("none"), Key.of("key"), ReadAt.NOW));
    assertThat(unknown.rejection().reason()).isEqualTo(Reason.NAMESPACE_NOT_FOUND);
  }

  @Test
  void pagesOfOneListAreOfOneRevisionWhileWritesGoOn() {
    for (int i = 10; i < 35; i++) {
      store.apply(put("key/" + i, "old"));
    }
    Revision first = store.revision();
    var listed = new ArrayList<ConfigVersion>();
    ReadAt at = ReadAt.NOW;
    for (@Nullable ByteString from = ByteString.copyFromUtf8("key/"); from != null; ) {
      Reads.Page page = reads.list(range("key/", at, 4), from);
      listed.addAll(page.versions());
      assertThat(page.revision()).isEqualTo(first);
      assertThat(page.versions().size()).isLessThanOrEqualTo(4);
      from = page.next();
      at = new ReadAt.AtRevision(page.revision());
      store.apply(
          put("key/" + (10 + listed.size()), "new"),
          put("key/new" + listed.size(), "new"),
          delete("key/34"),
          put("key/34", "new"));
    }

    assertThat(listed).hasSize(25).allMatch(v -> v.content().toStringUtf8().equals("old"));
    assertThat(listed).extracting(ConfigVersion::key).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void aListLeavesDeletedKeysOutUnlessAskedForAndContentToo() {
    store.apply(put("a", "1"), put("b", "2"), delete("a"));

    assertThat(keys(reads.list(range("", ReadAt.NOW, 10), ByteString.EMPTY))).containsExactly("b");
    var with = new Reads.Range(DEFAULT, KeyRange.ALL, ReadAt.NOW, 10, false, true);
    Reads.Page page = reads.list(with, ByteString.EMPTY);
    assertThat(keys(page)).containsExactly("a", "b");
    assertThat(page.versions().get(1).content().isEmpty()).isTrue();
    assertThat(page.versions().get(1).sizeBytes()).isEqualTo(1);
    assertThat(page.next()).isNull();
  }

  @Test
  void aPageEndsAtItsBoundOfBytesButNeverBeforeItsFirst() {
    String large = "x".repeat(1 << 20);
    for (int i = 0; i < 6; i++) {
      store.apply(put("key/" + i, large + i));
    }

    Reads.Page page = reads.list(range("key/", ReadAt.NOW, 10), ByteString.copyFromUtf8("key/"));

    assertThat(page.versions()).hasSize(3);
    assertThat(page.next()).isEqualTo(ByteString.copyFromUtf8("key/3"));
  }

  @Test
  void aHistoryIsPagedInBothDirections() {
    for (int i = 1; i <= 11; i++) {
      store.apply(put("key", "content " + i), put("key2", "stranger " + i));
    }
    store.apply(delete("key"));

    assertThat(historyOf(false)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L);
    assertThat(historyOf(true)).containsExactly(12L, 11L, 10L, 9L, 8L, 7L, 6L, 5L, 4L, 3L, 2L, 1L);
    assertThat(reads.history(DEFAULT, Key.of("key"), null, false, 5, false).truncated())
        .isFalse();
  }

  @Test
  void aHistoryBeginsAtTheHorizonAndSaysSo() {
    for (int i = 1; i <= 6; i++) {
      store.apply(put("key", "content " + i));
    }
    store.apply(compact(3));

    assertThat(historyOf(false)).containsExactly(3L, 4L, 5L, 6L);
    assertThat(reads.history(DEFAULT, Key.of("key"), null, false, 5, false).truncated())
        .isTrue();
    new Sweep(store.store()).run();
    assertThat(historyOf(false)).containsExactly(3L, 4L, 5L, 6L);
    assertThat(historyOf(true)).containsExactly(6L, 5L, 4L, 3L);
  }

  @Test
  void whatWentByTheCountLimitIsRefusedAndNotShownAsAbsent() {
    store.apply(put("key", "1"), put("key", "2"), put("key", "3"), put("quiet", "1"));
    store.apply(put("quiet", "2"), prune("key", 3));

    Rejection gone = refusal(revision(2));
    assertThat(gone.reason()).isEqualTo(Reason.COMPACTED);
    assertThat(gone.nearest()).isEqualTo(new Revision(3));
    assertThat(refusal(version(2)).reason()).isEqualTo(Reason.COMPACTED);
    assertThat(text(revision(3))).isEqualTo("3");
    assertThat(historyOf(false)).containsExactly(3L);
    assertThat(reads.history(DEFAULT, Key.of("key"), null, false, 5, false).truncated())
        .isTrue();
    assertThat(reads.get(DEFAULT, Key.of("quiet"), revision(4)).version().version())
        .isEqualTo(new Version(1));
  }

  @Test
  void aDiffIsOfTwoVersionsOrAgainstTheNewest() {
    store.apply(put("key", "a\nb\n"), put("key", "a\nc\n"), put("key", "a\nd\n"));

    Reads.Difference difference =
        reads.diff(DEFAULT, Key.of("key"), new Version(1), new Version(2), 3);
    assertThat(difference.diff().unified()).contains("-b\n+c\n");
    Reads.Difference toNewest = reads.diff(DEFAULT, Key.of("key"), new Version(1), Version.NONE, 3);
    assertThat(toNewest.to().version()).isEqualTo(new Version(3));
    RejectedException beyond = catchThrowableOfType(
        RejectedException.class,
        () -> reads.diff(DEFAULT, Key.of("key"), new Version(1), new Version(9), 3));
    assertThat(beyond.rejection().reason()).isEqualTo(Reason.VERSION_NOT_FOUND);
  }

  @Test
  void namespacesAreListedByNameWithTheirDigest() {
    store.apply(createNamespace(OTHER), put("key", "one"));

    assertThat(reads.namespaces())
        .extracting(namespace -> namespace.name().value())
        .containsExactly("default", "other");
    assertThat(reads.namespace(DEFAULT).digest())
        .isNotEqualTo(reads.namespace(OTHER).digest());
    assertThat(reads.namespace(DEFAULT).liveKeys()).isEqualTo(1);
  }

  /** The horizon of one namespace may lie on a change of another, which was swept already. */
  @Test
  void aTimeBelowTheHorizonIsRefusedAlsoWhenOtherNamespacesWereSwept() {
    store.apply(createNamespace(OTHER));
    store.apply(put("key", "one"));
    store.apply(put("key", "two"));
    store.apply(put(OTHER, "key", "x", Precondition.NONE, false));
    store.apply(put(OTHER, "key", "y", Precondition.NONE, false));
    store.apply(put("key", "three"));
    Instant first = store.changes().get(0).createdAt();
    store.apply(compact(3), new Command.Compact(OTHER, new Revision(5)));
    assertThat(refusal(new ReadAt.AtTime(first)).reason()).isEqualTo(Reason.COMPACTED);

    new Sweep(store.store()).run();

    assertThat(refusal(new ReadAt.AtTime(first)).reason()).isEqualTo(Reason.COMPACTED);
  }

  private List<Long> historyOf(boolean newestFirst) {
    var versions = new ArrayList<Long>();
    @Nullable Version from = null;
    do {
      Reads.History page = reads.history(DEFAULT, Key.of("key"), from, newestFirst, 3, true);
      page.versions().forEach(v -> versions.add(v.version().value()));
      from = page.next();
    } while (from != null);
    return versions;
  }

  private static Reads.Range range(String prefix, ReadAt at, int pageSize) {
    return new Reads.Range(DEFAULT, KeyRange.prefix(prefix), at, pageSize, true, false);
  }

  private static List<String> keys(Reads.Page page) {
    return page.versions().stream().map(v -> v.key().toString()).toList();
  }

  private static ReadAt version(long version) {
    return new ReadAt.AtVersion(new Version(version));
  }

  private static ReadAt revision(long revision) {
    return new ReadAt.AtRevision(Revision.of(revision));
  }

  private String text(ReadAt at) {
    return reads.get(DEFAULT, Key.of("key"), at).version().content().toStringUtf8();
  }

  private Rejection refusal(ReadAt at) {
    return refusal("key", at);
  }

  private Rejection refusal(String key, ReadAt at) {
    return catchThrowableOfType(RejectedException.class, () -> reads.get(DEFAULT, Key.of(key), at))
        .rejection();
  }
}
