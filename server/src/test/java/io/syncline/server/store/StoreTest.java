package io.syncline.server.store;

import static io.syncline.server.Commands.delete;
import static io.syncline.server.Commands.put;
import static io.syncline.server.Commands.putting;
import static io.syncline.server.Commands.transaction;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.model.ConfigVersion;
import io.syncline.model.Fault;
import io.syncline.model.Key;
import io.syncline.model.KeyRange;
import io.syncline.model.NamespaceName;
import io.syncline.model.ReadAt;
import io.syncline.model.Revision;
import io.syncline.model.StorePosition;
import io.syncline.model.Version;
import io.syncline.server.AppliedStore;
import io.syncline.server.read.Reads;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

class StoreTest {
  private static final int DEFAULT_ID = 1;

  @TempDir
  Path root;

  @Test
  void S4_37_aStoredValueWithAFlippedByteIsAFaultAndIsNotServed() throws RocksDBException {
    Path folder = root.resolve("store");
    try (var store = new AppliedStore(folder)) {
      store.apply(put("sound", "content"), put("damaged", "secret content"));
    }
    damage(folder, "damaged", "secret content");

    try (var store = Store.open(folder)) {
      var reads = new Reads(store);
      assertThat(reads
              .get(NamespaceName.DEFAULT, Key.of("sound"), ReadAt.NOW)
              .version()
              .content())
          .isNotEmpty();
      assertThatThrownBy(() -> reads.get(NamespaceName.DEFAULT, Key.of("damaged"), ReadAt.NOW))
          .isInstanceOf(Fault.class)
          .hasMessageContaining("damaged")
          .hasMessageContaining("checksum")
          .hasMessageNotContaining("secret");
      assertThatThrownBy(() -> reads.list(
              new Reads.Range(NamespaceName.DEFAULT, KeyRange.ALL, ReadAt.NOW, 10, false, false),
              KeyRange.ALL.from()))
          .isInstanceOf(Fault.class);
    }
  }

  /** Flips one bit of the content, as a bad disk would that RocksDB's own checksums missed. */
  private static void damage(Path folder, String key, String content) throws RocksDBException {
    var descriptors = new ArrayList<ColumnFamilyDescriptor>();
    try (var options = new Options()) {
      for (byte[] name : RocksDB.listColumnFamilies(options, folder.toString())) {
        descriptors.add(new ColumnFamilyDescriptor(name));
      }
    }
    var handles = new ArrayList<ColumnFamilyHandle>();
    try (var options = new DBOptions();
        RocksDB db = RocksDB.open(options, folder.toString(), descriptors, handles)) {
      ColumnFamilyHandle heads = null;
      for (ColumnFamilyHandle handle : handles) {
        if (new String(handle.getName(), StandardCharsets.UTF_8).equals("head")) {
          heads = handle;
        }
      }
      byte[] storedKey = StoreKeys.head(DEFAULT_ID, Key.of(key).bytes());
      byte[] value = db.get(heads, storedKey);
      int at = new String(value, StandardCharsets.ISO_8859_1).indexOf(content);
      value[at + 3] ^= 0x10;
      db.put(heads, storedKey, value);
      handles.forEach(ColumnFamilyHandle::close);
    }
  }

  @Test
  void S0_53_aStoreCopiedAtAnyMomentStandsBetweenTwoBatchesWhole() {
    try (var store = new AppliedStore(root.resolve("store"))) {
      for (int i = 0; i < 10; i++) {
        String value = "value " + i;
        store.apply(
            transaction(List.of(), List.of(putting("a", value), putting("b", value)), List.of()));
        Path copy = root.resolve("copy" + i);

        StorePosition at = store.store().checkpoint(copy);

        assertThat(at).isEqualTo(store.store().position());
        assertThat(Store.positionOf(copy)).isEqualTo(at);
      }
    }
    for (int i = 0; i < 10; i++) {
      try (var copy = new AppliedStore(root.resolve("copy" + i))) {
        assertThat(copy.revision()).isEqualTo(new Revision(i + 1L));
        assertThat(copy.head("a").content()).isEqualTo(copy.head("b").content());
        assertThat(copy.head("a").version()).isEqualTo(new Version(i + 1L));
      }
    }
  }

  @Test
  void aCheckpointGoesOnAsTheStoreItWasTakenOf() {
    Path copy = root.resolve("copy");
    try (var store = new AppliedStore(root.resolve("store"))) {
      store.apply(put("key", "one"), put("gone", "x"), delete("gone"));
      store.store().checkpoint(copy);
      store.apply(put("key", "two"));
      try (var restarted = new AppliedStore(copy)) {
        assertThat(restarted.head("key").content().toStringUtf8()).isEqualTo("one");

        restarted.apply(put("key", "two"));

        assertThat(restarted.store().position()).isEqualTo(store.store().position());
        assertThat(restarted.head("key")).isEqualTo(store.head("key"));
        assertThat(digest(restarted)).isEqualTo(digest(store));
      }
    }
  }

  @Test
  void aReplacedStoreServesWhatReplacedItAndForgetsWhatWasThere() {
    Path folder = root.resolve("store");
    Path copy = root.resolve("copy");
    try (var other = new AppliedStore(root.resolve("other"))) {
      other.apply(put("theirs", "x"), put("theirs", "y"));
      other.store().checkpoint(copy);
    }
    try (var store = new AppliedStore(folder)) {
      store.apply(put("ours", "x"));

      store.store().replaceWith(() -> move(folder, copy));

      assertThat(store.store().position().revision()).isEqualTo(new Revision(2));
      assertThat(store.head("theirs").content().toStringUtf8()).isEqualTo("y");
      assertThat(store.store().<Boolean>read(r -> r.head(DEFAULT_ID, Key.of("ours")) == null))
          .isTrue();
    }
  }

  private void move(Path folder, Path copy) {
    try {
      Files.move(folder, root.resolve("replaced"));
      Files.move(copy, folder);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aClosedStoreIsNotTouchedAnyMore() {
    var store = new AppliedStore(root.resolve("store"));
    store.close();

    assertThatThrownBy(() -> store.head("key")).isInstanceOf(StoreClosed.class);
    assertThatThrownBy(() -> store.apply(put("key", "x"))).isInstanceOf(StoreClosed.class);
    store.close();
  }

  @Test
  void aSnapshotReadSeesOneStateWhileWritesGoOn() {
    try (var store = new AppliedStore(root.resolve("store"))) {
      store.apply(put("key", "one"));

      store.store().readSnapshot(reader -> {
        store.apply(put("key", "two"));
        ConfigVersion seen = reader.head(DEFAULT_ID, Key.of("key"));
        assertThat(seen).isNotNull();
        assertThat(seen.version()).isEqualTo(new Version(1));
        assertThat(reader.position().revision()).isEqualTo(new Revision(1));
        return true;
      });

      assertThat(store.head("key").version()).isEqualTo(new Version(2));
    }
  }

  @Test
  void keysThatBeginAlikeDoNotMixTheirHistories() {
    try (var store = new AppliedStore(root.resolve("store"))) {
      store.apply(put("k", "1"), put("k\u0000", "1"), put("k\u0000\u0000", "1"), put("k", "2"));
      var reads = new Reads(store.store());

      assertThat(reads
              .history(NamespaceName.DEFAULT, Key.of("k"), null, false, 9, false)
              .versions())
          .hasSize(2);
      assertThat(reads
              .history(NamespaceName.DEFAULT, Key.of("k\u0000"), null, false, 9, false)
              .versions())
          .hasSize(1);
    }
  }

  private static Object digest(AppliedStore store) {
    return store.store().read(reader -> reader.digestBuckets(DEFAULT_ID).digest());
  }
}
