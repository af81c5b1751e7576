package io.syncline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What values of the domain types can be, and how they say what they cannot. */
class ModelTest {
  @Test
  void keysAreOrderedByUnsignedBytes() {
    List<Key> ordered = Stream.of(
            new int[] {0x00},
            new int[] {0x61},
            new int[] {0x61, 0x00},
            new int[] {0x61, 0x7f},
            new int[] {0x61, 0x80},
            new int[] {0x62},
            new int[] {0x80},
            new int[] {0xff},
            new int[] {0xff, 0x00},
            new int[] {0xff, 0xff})
        .map(ModelTest::key)
        .toList();

    assertThat(ordered).isSorted();
    assertThat(ordered.get(6)).isGreaterThan(ordered.get(5));
  }

  @Test
  void aKeyHasOneTo4096Bytes() {
    assertThat(Key.of("k".repeat(4096)).bytes().size()).isEqualTo(4096);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Key.of("k".repeat(4097)))
        .withMessageContaining("4097")
        .withMessageContaining("4096");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Key(ByteString.EMPTY))
        .withMessageContaining("0 bytes");
  }

  @Test
  void aKeyThatIsNoTextIsShownByteByByte() {
    assertThat(Key.of("routes/äpi")).hasToString("routes/äpi");
    assertThat(key(0x61, 0xff)).hasToString("a\\xff");
    assertThat(Key.of("a\nb")).hasToString("a\\x0ab");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Default",
        "-a",
        ".a",
        "_a",
        "a b",
        "a/b",
        "ä",
        "0123456789012345678901234567890123456789012345678901234567890123"
      })
  void aNamespaceNameOfAnotherFormIsRefusedWithTheForm(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NamespaceName(name))
        .withMessageContaining("\"" + name + "\"")
        .withMessageContaining("1 to 63");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "0",
        "team-a.prod_eu",
        "012345678901234567890123456789012345678901234567890123456789012"
      })
  void aNamespaceNameOfTheFormIsTaken(String name) {
    assertThat(new NamespaceName(name)).hasToString(name);
  }

  @Test
  void aVeryLongNamespaceNameIsNotRepeatedWhole() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NamespaceName("n".repeat(100_000)))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300));
  }

  @ParameterizedTest
  @CsvSource({"localhost:7400,localhost,7400", "10.0.0.1:0,10.0.0.1,0", "[::1]:65535,::1,65535"})
  void anEndpointIsReadAndWrittenTheSame(String text, String host, int port) {
    assertThat(Endpoint.parse(text)).isEqualTo(new Endpoint(host, port)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "host",
        ":80",
        "host:",
        "host:x",
        "host:-1",
        "host:65536",
        "::1:80",
        "[]:80",
        "host:+80",
        "[a:80"
      })
  void anEndpointOfAnotherFormIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Endpoint.parse(text))
        .withMessageContaining("expected: host:port");
  }

  @Test
  void numbersBelowZeroAreNoPositions() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Revision(-1))
        .withMessage("revision: -1 (expected: >= 0)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Version(-1))
        .withMessage("version: -1 (expected: >= 0)");
    assertThatIllegalArgumentException().isThrownBy(() -> new LogPosition(-1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new LogPosition(0, -2));
  }

  @Test
  void revisionsAndVersionsCount() {
    assertThat(Revision.ZERO.next()).isEqualTo(new Revision(1)).isGreaterThan(Revision.ZERO);
    assertThat(Revision.ZERO.previous()).isEqualTo(Revision.ZERO);
    assertThat(new Revision(2).isAfter(new Revision(1))).isTrue();
    assertThat(new Revision(2).isBefore(new Revision(2))).isFalse();
    assertThat(Revision.max(new Revision(2), new Revision(3))).isEqualTo(new Revision(3));
    assertThat(Version.NONE.exists()).isFalse();
    assertThat(Version.NONE.next()).isEqualTo(new Version(1));
    assertThat(Version.NONE.previous()).isEqualTo(Version.NONE);
  }

  @Test
  void aLogPositionCoversWhatItsIndexReaches() {
    var here = new LogPosition(2, 10);
    assertThat(here.covers(new LogPosition(2, 10))).isTrue();
    assertThat(here.covers(new LogPosition(3, 11))).isFalse();
    assertThat(LogPosition.START.covers(new LogPosition(1, 0))).isFalse();
  }

  @Test
  void S4_36_aChecksumIsTheSha256OfTheContentInLowerCaseHex() {
    Checksum abc = Checksum.of(ByteString.copyFromUtf8("abc"));

    assertThat(abc).hasToString("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assertThat(Checksum.parse(abc.toString())).isEqualTo(abc);
    assertThat(Checksum.OF_NOTHING)
        .hasToString("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assertThat(abc.matches(ByteString.copyFromUtf8("abc"))).isTrue();
    assertThat(abc.matches(ByteString.copyFromUtf8("abd"))).isFalse();
  }

  @Test
  void aChecksumOfAContentInPiecesIsThatOfTheWhole() {
    ByteString left = ByteString.copyFromUtf8("l".repeat(5000));
    ByteString right = ByteString.copyFromUtf8("r".repeat(5000));

    assertThat(Checksum.of(left.concat(right)))
        .isEqualTo(Checksum.of(ByteString.copyFrom(left.concat(right).toByteArray())));
  }

  @Test
  void whatIsNoChecksumIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Checksum.parse("abc"));
    assertThatIllegalArgumentException().isThrownBy(() -> Checksum.parse("g".repeat(64)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Checksum(ByteString.copyFromUtf8("short")))
        .withMessageContaining("5 bytes");
  }

  @Test
  void aCommandIdHasSixteenBytesAndAPositiveSequence() {
    ByteString client = ByteString.copyFrom(new byte[16]);
    assertThatIllegalArgumentException().isThrownBy(() -> new CommandId(client, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CommandId(client.substring(1), 1))
        .withMessageContaining("15 bytes");
  }

  @Test
  void anActorHasANameOfBoundedLength() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Actor("", false));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Actor("a".repeat(257), false))
        .withMessageContaining("257");
  }

  @Test
  void retentionIsNeverNegative() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NamespaceSettings(Duration.ofMillis(-1), 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new NamespaceSettings(Duration.ZERO, -1));
  }

  @Test
  void aVersionIsBornBeforeOrWithItselfAndATombstoneIsEmpty() {
    assertThatIllegalArgumentException().isThrownBy(() -> version(1, 2, false, "x"));
    assertThatIllegalArgumentException().isThrownBy(() -> version(0, 0, false, "x"));
    assertThatIllegalArgumentException().isThrownBy(() -> version(2, 1, true, "x"));
    assertThat(version(2, 2, false, "x").beginsLife()).isTrue();
    assertThat(version(2, 1, false, "x").beginsLife()).isFalse();
    assertThat(version(2, 2, true, "").beginsLife()).isFalse();
  }

  @Test
  void contentNeverReachesText() {
    ConfigVersion version = version(1, 1, false, "password");
    var put = new Command.Put(
        NamespaceName.DEFAULT,
        Key.of("key"),
        Command.Content.of(ByteString.copyFromUtf8("password"), "text/plain"),
        Precondition.NONE,
        false,
        null);

    assertThat(version.toString()).doesNotContain("password");
    assertThat(put.toString()).doesNotContain("password");
    assertThat(Rejection.preconditionFailed(
                NamespaceName.DEFAULT, Key.of("key"), Precondition.ABSENT, version)
            .toString())
        .doesNotContain("password");
  }

  @Test
  void preconditionsAskWhatTheySay() {
    ConfigVersion live = version(3, 1, false, "x");
    ConfigVersion deleted = version(4, 1, true, "");

    assertHolds(Precondition.NONE, true, true, true);
    assertHolds(Precondition.ABSENT, true, false, true);
    assertHolds(new Precondition.AtVersion(Version.NONE), true, false, false);
    assertHolds(new Precondition.AtVersion(live.version()), false, true, false);
    assertHolds(new Precondition.AtVersion(deleted.version()), false, false, true);
    assertHolds(new Precondition.AtRevision(live.revision()), false, true, false);
    assertHolds(new Precondition.AtRevision(deleted.revision()), false, false, true);
    assertHolds(new Precondition.AtRevision(Revision.ZERO), false, false, false);
    assertHolds(new Precondition.AtChecksum(live.checksum()), false, true, false);
    // a tombstone carries the checksum of nothing, but has no content to compare
    assertHolds(new Precondition.AtChecksum(Checksum.OF_NOTHING), false, false, false);
  }

  private static void assertHolds(
      Precondition precondition, boolean never, boolean live, boolean deleted) {
    assertThat(precondition.holds(null)).as("%s, never existed", precondition).isEqualTo(never);
    assertThat(precondition.holds(version(3, 1, false, "x")))
        .as("%s, live", precondition)
        .isEqualTo(live);
    assertThat(precondition.holds(version(4, 1, true, "")))
        .as("%s, deleted", precondition)
        .isEqualTo(deleted);
  }

  @Test
  void anUnknownReasonIsRefused() {
    assertThatThrownBy(() -> Rejection.Reason.ofNumber(18))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("18");
  }

  private static ConfigVersion version(long version, long born, boolean tombstone, String text) {
    ByteString content = ByteString.copyFromUtf8(text);
    return new ConfigVersion(
        NamespaceName.DEFAULT,
        Key.of("key"),
        new Version(version),
        new Revision(10 + version),
        content,
        "",
        Checksum.of(content),
        content.size(),
        Instant.EPOCH,
        Actor.ANONYMOUS,
        "",
        null,
        tombstone,
        new Version(born),
        new Revision(10 + born),
        null);
  }

  private static Key key(int... bytes) {
    byte[] converted = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      converted[i] = (byte) bytes[i];
    }
    return new Key(ByteString.copyFrom(converted));
  }
}
