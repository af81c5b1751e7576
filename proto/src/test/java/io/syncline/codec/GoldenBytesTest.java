package io.syncline.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.syncline.model.Actor;
import io.syncline.model.AuthChange;
import io.syncline.model.Checksum;
import io.syncline.model.Command;
import io.syncline.model.Command.Content;
import io.syncline.model.Command.Prune.PrunedKey;
import io.syncline.model.Command.Transaction.Compare;
import io.syncline.model.Command.Transaction.Operation;
import io.syncline.model.CommandId;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Conflict;
import io.syncline.model.ConflictContents;
import io.syncline.model.ConflictPath;
import io.syncline.model.ConflictType;
import io.syncline.model.CopyState;
import io.syncline.model.Draft;
import io.syncline.model.Fault;
import io.syncline.model.FollowerRegistration;
import io.syncline.model.Key;
import io.syncline.model.KeyRange;
import io.syncline.model.KeyspaceCommand;
import io.syncline.model.LogPosition;
import io.syncline.model.NamespaceName;
import io.syncline.model.NamespaceRecord;
import io.syncline.model.NamespaceSettings;
import io.syncline.model.Precondition;
import io.syncline.model.ProposedCommand;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.RememberedOutcome;
import io.syncline.model.RememberedOutcome.Touch;
import io.syncline.model.Revision;
import io.syncline.model.Selector;
import io.syncline.model.Settlement;
import io.syncline.model.StorePosition;
import io.syncline.model.Subscription;
import io.syncline.model.Version;
import io.syncline.proto.storage.v1.StoredPosition;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bytes that any released version wrote are read for ever, and written the same: a changed file under
 * {@code golden/} is a broken promise, a new kind of message a new file.
 */
class GoldenBytesTest {
  private static final NamespaceName NAMESPACE = new NamespaceName("prod");
  private static final Key KEY = Key.of("routes/api");
  private static final Content CONTENT =
      Content.of(ByteString.copyFromUtf8("upstream: blue\n"), "application/yaml");
  private static final Instant TIME = Instant.ofEpochMilli(1_700_000_000_123L);
  private static final CommandId ID = new CommandId(
      ByteString.copyFrom(HexFormat.of().parseHex("00112233445566778899aabbccddeeff")), 42);
  private static final Actor ALICE = new Actor("alice", true);

  /** A value with the bytes that stand for it, both ways. */
  private record Golden(
      String file, Object value, ByteString encoded, Function<byte[], Object> decoding) {
    @Override
    public String toString() {
      return file;
    }
  }

  private static Golden log(String file, Command command) {
    return log(file, new ProposedCommand(ID, ALICE, "because", command));
  }

  private static Golden log(String file, ProposedCommand proposed) {
    return new Golden(
        "log-" + file,
        proposed,
        LogCodec.encode(proposed),
        bytes -> LogCodec.decodeBatch(LogCodec.encodeBatch(0, List.of(ByteString.copyFrom(bytes))))
            .commands()
            .get(0));
  }

  static Stream<Golden> goldens() {
    return Stream.of(
            logCommands(),
            keyspaceCommands(),
            preconditions(),
            logBatches(),
            storedValues(),
            storedAuth())
        .flatMap(s -> s);
  }

  private static Stream<Golden> keyspaceCommands() {
    return KeyspaceSamples.commands().entrySet().stream()
        .map(sample -> log(sample.getKey(), sample.getValue()));
  }

  private static Stream<Golden> logCommands() {
    return Stream.of(
        log("put", new Command.Put(NAMESPACE, KEY, CONTENT, Precondition.NONE, true, TIME)),
        log(
            "put-without-id",
            new ProposedCommand(
                null,
                Actor.ANONYMOUS,
                "",
                new Command.Put(NAMESPACE, KEY, CONTENT, Precondition.NONE, false, null))),
        log("delete", new Command.Delete(NAMESPACE, KEY, Precondition.NONE, TIME)),
        log("delete-range", new Command.DeleteRange(NAMESPACE, KeyRange.prefix("routes/"))),
        log("undelete", new Command.Undelete(NAMESPACE, KEY, Precondition.ABSENT)),
        log("rollback", new Command.Rollback(NAMESPACE, KEY, new Version(7), Precondition.NONE)),
        log("transaction", transaction()),
        log(
            "create-namespace",
            new Command.CreateNamespace(
                NAMESPACE, new NamespaceSettings(Duration.ofDays(30), 100))),
        log("update-namespace", new Command.UpdateNamespace(NAMESPACE, NamespaceSettings.KEEP_ALL)),
        log("compact", new Command.Compact(NAMESPACE, new Revision(300))),
        log("compact-all", new Command.Compact(null, new Revision(300))),
        log(
            "prune",
            new Command.Prune(
                NAMESPACE,
                List.of(
                    new PrunedKey(KEY, new Version(5)),
                    new PrunedKey(Key.of("limits"), new Version(9))))),
        log("note-followers", new Command.NoteFollowers(followers(), List.of("edge-9"))),
        log(
            "create-namespace-merging",
            new Command.CreateNamespace(
                NAMESPACE,
                new NamespaceSettings(Duration.ZERO, 0, "merge", List.of("host", "name")))),
        log("record-conflict", recordConflict()),
        log(
            "resolve-conflict",
            new Command.ResolveConflict(
                12,
                new Version(6),
                new Settlement(Settlement.Act.WRITE, CONTENT, "accept-target", "taken"))),
        log("drop-conflicts", new Command.DropConflicts(List.of(3L, 4L))),
        log("barrier", new ProposedCommand(null, Actor.SYNCLINE, "", new Command.Barrier())));
  }

  private static List<FollowerRegistration> followers() {
    var part = Subscription.of(
        Selector.all(NAMESPACE),
        new Selector(new NamespaceName("limits"), ByteString.copyFromUtf8("eu/")));
    return List.of(
        new FollowerRegistration(
            "edge-1", "10.0.0.7:7410", Subscription.EVERYTHING, new Revision(300), TIME),
        new FollowerRegistration("edge-2", "", part, Revision.ZERO, TIME));
  }

  private static Golden follower(String file, FollowerRegistration follower) {
    return new Golden(
        "storage-" + file,
        follower,
        ByteString.copyFrom(StorageCodec.encode(follower)),
        StorageCodec::decodeFollower);
  }

  private static Command transaction() {
    return new Command.Transaction(
        NAMESPACE,
        List.of(
            new Compare(KEY, new Precondition.AtVersion(new Version(3))),
            new Compare(Key.of("limits"), Precondition.ABSENT)),
        List.of(new Operation(KEY, CONTENT, true), new Operation(Key.of("limits"), null, false)),
        List.of(new Operation(Key.of("other"), CONTENT, false)));
  }

  private static Stream<Golden> preconditions() {
    return Stream.of(
        log("precondition-absent", deleteIf(Precondition.ABSENT)),
        log("precondition-version", deleteIf(new Precondition.AtVersion(new Version(300)))),
        log("precondition-never-existed", deleteIf(new Precondition.AtVersion(Version.NONE))),
        log("precondition-revision", deleteIf(new Precondition.AtRevision(new Revision(70_000)))),
        log("precondition-checksum", deleteIf(new Precondition.AtChecksum(CONTENT.checksum()))));
  }

  private static Command deleteIf(Precondition precondition) {
    return new Command.Delete(NAMESPACE, KEY, precondition, null);
  }

  private static Stream<Golden> logBatches() {
    var barrier = new ProposedCommand(null, Actor.SYNCLINE, "", new Command.Barrier());
    var create = new ProposedCommand(
        ID, ALICE, "", new Command.CreateNamespace(NAMESPACE, NamespaceSettings.KEEP_ALL));
    var batch = new LogCodec.Batch(TIME.toEpochMilli(), List.of(create, barrier));
    return Stream.of(new Golden(
        "log-batch",
        batch,
        LogCodec.encodeBatch(
            batch.proposedAtMs(),
            batch.commands().stream().map(LogCodec::encode).toList()),
        bytes -> LogCodec.decodeBatch(ByteString.copyFrom(bytes))));
  }

  private static Stream<Golden> storedValues() {
    return Stream.of(
        stored("version", version(CONTENT, null, false, TIME)),
        stored("version-rollback", version(CONTENT, new Version(2), false, null)),
        stored(
            "version-tombstone",
            version(new Content(ByteString.EMPTY, "", Checksum.OF_NOTHING), null, true, null)),
        stored("version-on-a-lease", version(CONTENT, null, false, null).withLease(-77)),
        new Golden(
            "storage-lease",
            KeyspaceSamples.lease(),
            ByteString.copyFrom(StorageCodec.encode(KeyspaceSamples.lease())),
            StorageCodec::decodeLease),
        new Golden(
            "storage-namespace",
            namespace(),
            ByteString.copyFrom(StorageCodec.encode(namespace())),
            StorageCodec::decodeNamespace),
        new Golden(
            "storage-position",
            position(),
            ByteString.copyFrom(StorageCodec.encode(position())),
            StorageCodec::decodePosition),
        follower("follower-of-all", followers().get(0)),
        follower("follower-of-part", followers().get(1)),
        draft("draft-pending", Draft.Outcome.pending("no voter answered in time")),
        draft("draft-accepted", Draft.Outcome.accepted(TIME, new Version(4), new Revision(301))),
        draft("draft-refused", Draft.Outcome.refused(TIME, new Version(5), "made from version 3")),
        new Golden(
            "storage-conflict",
            conflict(),
            ByteString.copyFrom(ConflictCodec.encode(conflict(), 3)),
            bytes -> ConflictCodec.decodeConflict(bytes, id -> NAMESPACE)),
        new Golden(
            "storage-conflict-contents",
            contents(),
            ByteString.copyFrom(ConflictCodec.encode(contents())),
            ConflictCodec::decodeContents),
        new Golden(
            "storage-copy",
            copy(),
            ByteString.copyFrom(StorageCodec.encode(copy())),
            StorageCodec::decodeCopy),
        outcome("outcome-committed", committed()),
        outcome("outcome-rejected", rejected()));
  }

  private static Stream<Golden> storedAuth() {
    return AuthSamples.states().entrySet().stream()
        .map(sample -> new Golden(
            "storage-" + sample.getKey(),
            sample.getValue(),
            ByteString.copyFrom(AuthCodec.encode(sample.getValue())),
            AuthCodec::decodeState));
  }

  private static Golden draft(String file, Draft.Outcome outcome) {
    var put = new Command.Put(
        NAMESPACE, KEY, CONTENT, new Precondition.AtVersion(new Version(3)), false, null);
    var draft = new Draft(
        12, new ProposedCommand(ID, ALICE, "cut off", put), new Version(3), "", TIME, outcome);
    return new Golden(
        "storage-" + file,
        draft,
        ByteString.copyFrom(StorageCodec.encode(draft)),
        StorageCodec::decodeDraft);
  }

  private static CopyState copy() {
    return new CopyState(
        UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"),
        7,
        new Revision(200),
        Optional.of(new CopyState.Staging(
            Revision.ZERO,
            new Revision(300),
            Optional.of(new Selector(NAMESPACE, KEY.bytes())),
            4,
            1000)));
  }

  private static Golden stored(String file, ConfigVersion version) {
    return new Golden(
        "storage-" + file,
        new StorageCodec.Placed(version, 3, 17),
        ByteString.copyFrom(StorageCodec.encode(version, 3, 17)),
        bytes -> StorageCodec.decodeVersion(bytes, id -> NAMESPACE));
  }

  private static ConfigVersion version(
      Content content,
      @Nullable Version rollbackOf,
      boolean tombstone,
      @Nullable Instant sourceTime) {
    return new ConfigVersion(
        NAMESPACE,
        KEY,
        new Version(5),
        new Revision(1_000_000),
        content.bytes(),
        content.contentType(),
        content.checksum(),
        content.bytes().size(),
        TIME,
        ALICE,
        "because",
        rollbackOf,
        tombstone,
        new Version(4),
        new Revision(999_000),
        sourceTime);
  }

  private static NamespaceRecord namespace() {
    return new NamespaceRecord(
        3,
        NAMESPACE,
        new NamespaceSettings(Duration.ofDays(30), 100),
        TIME,
        ALICE,
        11,
        22_222,
        333,
        new Revision(4444),
        new Revision(555),
        new Revision(666));
  }

  private static StorePosition position() {
    return new StorePosition(
        new LogPosition(7, 123_456), new Revision(99_999), TIME.toEpochMilli(), 4, 777_777, 0, 0);
  }

  private static Command.RecordConflict recordConflict() {
    return new Command.RecordConflict(
        ConflictType.VERSION_CONFLICT,
        NAMESPACE,
        KEY,
        new Version(5),
        new Version(6),
        CONTENT,
        "edge-7",
        List.of(new ConflictPath("spec.limits", "both sides changed it")),
        new Settlement(Settlement.Act.LEAVE_OPEN, "merge", "1 path in conflict"));
  }

  private static Conflict conflict() {
    return new Conflict(
        12,
        ConflictType.CONCURRENT_MODIFICATION,
        NAMESPACE,
        KEY,
        new Version(5),
        new Version(6),
        CONTENT.checksum(),
        "application/yaml",
        "edge-7",
        ALICE,
        "because",
        TIME,
        Conflict.State.RESOLVED,
        "merge",
        "merged as yaml",
        List.of(new ConflictPath("spec.limits", "both sides changed it")),
        new Conflict.Closing(ALICE, "settled", TIME, new Version(7), new Revision(1_000_000)));
  }

  private static ConflictContents contents() {
    return new ConflictContents(
        Optional.empty(),
        Optional.of(ByteString.copyFromUtf8("ours")),
        Optional.of(ByteString.EMPTY));
  }

  private static Golden outcome(String file, RememberedOutcome outcome) {
    return new Golden(
        "storage-" + file,
        outcome,
        ByteString.copyFrom(StorageCodec.encode(outcome)),
        StorageCodec::decodeOutcome);
  }

  private static RememberedOutcome committed() {
    return new RememberedOutcome(
        ID,
        new Revision(300),
        true,
        true,
        List.of(new Touch(3, KEY, new Version(5)), new Touch(3, Key.of("limits"), new Version(1))),
        0,
        null);
  }

  private static RememberedOutcome rejected() {
    return new RememberedOutcome(
        ID,
        new Revision(300),
        false,
        false,
        List.of(new Touch(3, KEY, new Version(5))),
        0,
        new Rejection(Reason.COMPACTED, "gone", null, new Revision(250), 7, 8, null));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("goldens")
  void isWrittenAsEver(Golden golden) {
    assertThat(hex(golden.encoded().toByteArray())).isEqualTo(hex(bytesOf(golden.file())));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("goldens")
  void isReadAsEver(Golden golden) {
    assertThat(golden.decoding().apply(bytesOf(golden.file()))).isEqualTo(golden.value());
  }

  @Test
  void everyKindOfCommandHasAGoldenFile() {
    Set<Class<?>> covered = Stream.concat(logCommands(), keyspaceCommands())
        .map(golden -> ((ProposedCommand) golden.value()).command().getClass())
        .collect(Collectors.toSet());

    Set<Class<?>> kinds =
        Stream.of(Command.class.getPermittedSubclasses()).collect(Collectors.toSet());
    assertThat(covered).isEqualTo(kinds);
  }

  @Test
  void everyKindOfCommandOfAKeyspaceHasAGoldenFile() {
    Set<Class<?>> covered = KeyspaceSamples.commands().values().stream()
        .map(command -> ((Command.Keyspace) command).command().getClass())
        .collect(Collectors.toSet());

    Set<Class<?>> kinds =
        Stream.of(KeyspaceCommand.class.getPermittedSubclasses()).collect(Collectors.toSet());
    assertThat(covered).isEqualTo(kinds);
  }

  @Test
  void everyKindOfChangeOfUsersAndRolesHasAGoldenFile() {
    Set<Class<?>> covered =
        AuthSamples.changes().values().stream().map(Object::getClass).collect(Collectors.toSet());

    Set<Class<?>> kinds =
        Stream.of(AuthChange.class.getPermittedSubclasses()).collect(Collectors.toSet());
    assertThat(covered).isEqualTo(kinds);
  }

  @Test
  void everyKindOfPreconditionHasAGoldenFile() {
    Set<Class<?>> covered = Stream.concat(logCommands(), preconditions())
        .map(golden -> ((ProposedCommand) golden.value()).command())
        .filter(Command.Delete.class::isInstance)
        .map(command -> ((Command.Delete) command).precondition().getClass())
        .collect(Collectors.toSet());

    Set<Class<?>> kinds =
        Stream.of(Precondition.class.getPermittedSubclasses()).collect(Collectors.toSet());
    assertThat(covered).isEqualTo(kinds);
  }

  @Test
  void aCommandThatThisReleaseDoesNotKnowIsAFault() {
    ByteString unknown = LogCodec.encodeBatch(0, List.of(ByteString.EMPTY));

    assertThatThrownBy(() -> LogCodec.decodeBatch(unknown))
        .isInstanceOf(Fault.class)
        .hasMessageContaining("raft log");
  }

  @Test
  void aStoreOfAnotherFormatIsRefusedByNamingBoth() {
    byte[] later = StoredPosition.newBuilder().setFormatVersion(2).build().toByteArray();

    assertThatThrownBy(() -> StorageCodec.decodePosition(later))
        .isInstanceOf(Fault.class)
        .hasMessageContaining("format version 2")
        .hasMessageContaining("expected: 1");
  }

  @Test
  void S4_37_everyFlippedBitOfAStoredContentIsAFault() {
    ConfigVersion version = version(CONTENT, null, false, null);
    byte[] bytes = StorageCodec.encode(version, 3, 0);
    int at = new String(bytes, StandardCharsets.ISO_8859_1)
        .indexOf(CONTENT.bytes().toString(StandardCharsets.ISO_8859_1));
    assertThat(at).isPositive();

    for (int bit = 0; bit < CONTENT.bytes().size() * Byte.SIZE; bit++) {
      byte[] damaged = bytes.clone();
      damaged[at + bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
      assertThatThrownBy(() -> StorageCodec.decodeVersion(damaged, id -> NAMESPACE))
          .isInstanceOf(Fault.class)
          .hasMessageContaining("checksum")
          .hasMessageNotContaining("blue");
    }
  }

  @Test
  void whatIsCutShortIsAFault() {
    byte[] bytes = StorageCodec.encode(version(CONTENT, null, false, null), 3, 0);
    byte[] cut = Arrays.copyOf(bytes, bytes.length / 2);

    assertThatThrownBy(() -> StorageCodec.decodeVersion(cut, id -> NAMESPACE))
        .isInstanceOf(Fault.class);
  }

  private static byte[] bytesOf(String file) {
    String resource = "/golden/" + file + ".hex";
    try (InputStream in = GoldenBytesTest.class.getResourceAsStream(resource)) {
      assertThat(in).as("a new kind of message needs its file %s", resource).isNotNull();
      return HexFormat.of()
          .parseHex(new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
