package io.syncline.server.etcd.bolt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.syncline.model.Lease;
import io.syncline.model.Revision;
import io.syncline.proto.etcd.kv.KeyValue;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseFileTest {
  /** So long that a page has room for one only. */
  private static final int PAGE_FOR_EACH = 3_000;

  @TempDir
  Path folder;

  @Test
  void aKeyspaceWithoutKeysHasTheBucketsOfAnEmptyEtcd() throws IOException {
    DatabaseReader database = written(Revision.ZERO, List.of());

    assertThat(database.names())
        .containsExactly(
            "alarm",
            "auth",
            "authRoles",
            "authUsers",
            "cluster",
            "key",
            "lease",
            "members",
            "members_removed",
            "meta");
    assertThat(database.bucket("key")).isEmpty();
    assertThat(database.bucket("meta"))
        .containsExactly(entry("consistent_index", ByteString.copyFrom(new byte[8])));
  }

  @Test
  void changesStandAtTheirRevisionsAndDeletionsAreMarked() throws IOException {
    KeyValue put = keyValue(0x0102, "one", "1");
    Path path = folder.resolve("database");
    try (var file = DatabaseFile.create(path)) {
      file.put(0, put);
      file.delete(Revision.of(0x0103), 0, ByteString.copyFromUtf8("one"));
      file.put(3, keyValue(0x0103, "two", "2"));
      assertThat(file.finish(Revision.of(0x0102))).isEqualTo(Files.size(path));
    }

    DatabaseReader database = DatabaseReader.read(path);
    assertThat(database.bucket("key"))
        .containsExactly(
            new DatabaseReader.Entry(hex("00000000000001025f0000000000000000"), put.toByteString()),
            new DatabaseReader.Entry(
                hex("00000000000001035f000000000000000074"),
                KeyValue.newBuilder()
                    .setKey(ByteString.copyFromUtf8("one"))
                    .build()
                    .toByteString()),
            new DatabaseReader.Entry(
                hex("00000000000001035f0000000000000003"),
                keyValue(0x0103, "two", "2").toByteString()));
    assertThat(database.bucket("meta"))
        .contains(
            entry("finishedCompactRev", hex("00000000000001025f0000000000000000")),
            entry("scheduledCompactRev", hex("00000000000001025f0000000000000000")));
  }

  @Test
  void leasesStandInOrderWithTheirSeconds() throws IOException {
    Path path = folder.resolve("database");
    try (var file = DatabaseFile.create(path)) {
      file.leases(List.of(lease(-1, 5), lease(258, 300), lease(7, 1)));
      file.finish(Revision.ZERO);
    }

    assertThat(DatabaseReader.read(path).bucket("lease"))
        .containsExactly(
            new DatabaseReader.Entry(hex("0000000000000007"), hex("08071001")),
            new DatabaseReader.Entry(hex("0000000000000102"), hex("08820210ac02")),
            new DatabaseReader.Entry(hex("ffffffffffffffff"), hex("08ffffffffffffffffff011005")));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 122, 123, 124, 125, 245, 246, 247, 370})
  void whereverAPageEndsTheTreeIsWhole(int count) throws IOException {
    requireReadBack(count, PAGE_FOR_EACH);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "200, 2", "100000, 3"})
  void treesAreAsDeepAsTheirKeysAreMany(int count, int depth) throws IOException {
    assertThat(requireReadBack(count, 10).depth()).isEqualTo(depth);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 900, 1_000, 4_000, 4_010, 4_020, 4_030, 4_040, 4_050, 8_100, 1_048_576})
  void aValueMayBeShorterOrLongerThanAPage(int valueBytes) throws IOException {
    requireReadBack(1, valueBytes);
    requireReadBack(5, valueBytes);
  }

  @Test
  void changesOutOfOrderAreRefused() throws IOException {
    try (var file = DatabaseFile.create(folder.resolve("database"))) {
      file.put(1, keyValue(7, "key", "value"));

      assertThatThrownBy(() -> file.put(1, keyValue(7, "key", "value")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("(expected: after 00000000000000075f0000000000000001)");
      assertThatThrownBy(() -> file.delete(Revision.of(6), 2, ByteString.copyFromUtf8("key")))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aFileThatIsThereIsLeftAlone() throws IOException {
    Path path = Files.writeString(folder.resolve("database"), "something");

    assertThatThrownBy(() -> DatabaseFile.create(path))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(path).hasContent("something");
  }

  @Test
  void beforeItIsFinishedItIsNoDatabase() throws IOException {
    Path path = folder.resolve("database");
    try (var file = DatabaseFile.create(path)) {
      for (int revision = 1; revision < 100; revision++) {
        file.put(0, keyValue(revision, "key", "v".repeat(PAGE_FOR_EACH)));
      }
    }

    assertThat(Files.readAllBytes(path)).startsWith(new byte[2 * Page.SIZE_BYTES]);
  }

  private DatabaseReader requireReadBack(int count, int valueBytes) throws IOException {
    var changes = new ArrayList<KeyValue>();
    for (int revision = 1; revision <= count; revision++) {
      changes.add(keyValue(revision, "key" + revision, "v".repeat(valueBytes)));
    }
    DatabaseReader database = written(Revision.ZERO, changes);
    List<ByteString> read =
        database.bucket("key").stream().map(DatabaseReader.Entry::value).toList();
    assertThat(read.equals(changes.stream().map(KeyValue::toByteString).toList()))
        .as("all are read back")
        .isTrue();
    return database;
  }

  private DatabaseReader written(Revision compacted, List<KeyValue> changes) throws IOException {
    Path path = Files.createTempDirectory(folder, "written").resolve("database");
    try (var file = DatabaseFile.create(path)) {
      for (KeyValue change : changes) {
        file.put(0, change);
      }
      assertThat(file.finish(compacted)).isEqualTo(Files.size(path));
    }
    return DatabaseReader.read(path);
  }

  private static KeyValue keyValue(long revision, String key, String value) {
    return KeyValue.newBuilder()
        .setKey(ByteString.copyFromUtf8(key))
        .setCreateRevision(1)
        .setModRevision(revision)
        .setVersion(revision)
        .setValue(ByteString.copyFromUtf8(value))
        .build();
  }

  private static Lease lease(long id, long seconds) {
    Duration ttl = Duration.ofSeconds(seconds);
    return new Lease(id, ttl, ttl, Instant.EPOCH);
  }

  private static DatabaseReader.Entry entry(String key, ByteString value) {
    return new DatabaseReader.Entry(ByteString.copyFromUtf8(key), value);
  }

  private static ByteString hex(String digits) {
    return ByteString.fromHex(digits);
  }
}
