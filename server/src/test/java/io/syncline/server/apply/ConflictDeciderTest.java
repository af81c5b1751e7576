package io.syncline.server.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.syncline.model.Command;
import io.syncline.model.Command.Content;
import io.syncline.model.Conflict;
import io.syncline.model.ConflictType;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.NamespaceSettings;
import io.syncline.model.Outcome;
import io.syncline.model.Precondition;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Revision;
import io.syncline.model.Settlement;
import io.syncline.model.Settlement.Act;
import io.syncline.model.Version;
import io.syncline.server.AppliedStore;
import io.syncline.server.retain.ConflictRetention;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conflicts where they are decided: at their place in the log. */
class ConflictDeciderTest {
  private static final Key KEY = Key.of("routes/api");

  @TempDir
  Path root;

  private AppliedStore applied;

  @BeforeEach
  void open() {
    applied = new AppliedStore(root.resolve("store"));
    put("base");
    put("ours");
  }

  @AfterEach
  void close() {
    applied.store().close();
  }

  @Test
  void whatSettlesAConflictIsWrittenInTheSameCommit() {
    Outcome.Committed done = applied.committed(
        record("theirs", 2, new Settlement(Act.WRITE, content("merged"), "merge", "merged")));

    Conflict conflict = conflict(1);
    assertThat(done.conflictId()).isEqualTo(1);
    assertThat(done.versions().get(0).version()).isEqualTo(new Version(3));
    assertThat(conflict.state()).isEqualTo(Conflict.State.RESOLVED);
    assertThat(closing(conflict).version()).isEqualTo(new Version(3));
    assertThat(closing(conflict).revision()).isEqualTo(done.revision());
    assertThat(applied.store().<Object>read(reader -> reader.conflictContents(1).base()))
        .isEqualTo(Optional.of(ByteString.copyFromUtf8("base")));
  }

  @Test
  void nothingIsRecordedOrDoneIfTheKeyHasChangedSince() {
    put("newer");

    assertThat(applied
            .rejected(
                record("theirs", 2, new Settlement(Act.WRITE, content("merged"), "merge", "")))
            .reason())
        .isEqualTo(Reason.PRECONDITION_FAILED);

    assertThat(conflict(1)).isNull();
    assertThat(applied.store().position().conflictsRecorded()).isZero();
    assertThat(applied.revision()).isEqualTo(new Revision(3));
  }

  @Test
  void anOpenConflictAboutTheSameContentIsRecordedOnceAlsoWithinOneEntry() {
    List<Outcome> outcomes = applied.apply(
        record("theirs", 2, leftOpen()),
        record("theirs", 2, leftOpen()),
        record("others", 2, leftOpen()));

    assertThat(outcomes)
        .extracting(outcome -> ((Outcome.Committed) outcome).conflictId())
        .containsExactly(1L, 1L, 2L);
    assertThat(applied.committed(record("theirs", 2, leftOpen())).conflictId()).isEqualTo(1);
  }

  @Test
  void aConflictIsResolvedOnceAndItsRecordSaysHow() {
    applied.committed(record("theirs", 2, leftOpen()));

    applied.committed(new Command.ResolveConflict(
        1, new Version(2), new Settlement(Act.DELETE, "accept-target", "theirs")));

    assertThat(closing(conflict(1)).version()).isEqualTo(new Version(3));
    assertThat(applied
            .rejected(new Command.ResolveConflict(
                1, new Version(3), new Settlement(Act.KEEP, "accept-source", "")))
            .reason())
        .isEqualTo(Reason.WRONG_STATE);
    assertThat(applied
            .rejected(new Command.ResolveConflict(
                9, new Version(3), new Settlement(Act.KEEP, "accept-source", "")))
            .reason())
        .isEqualTo(Reason.KEY_NOT_FOUND);
    // the content is open to be a conflict again
    assertThat(applied.committed(record("theirs", 3, leftOpen())).conflictId()).isEqualTo(2);
  }

  @Test
  void closedConflictsAreForgottenWithTheirNamespacesHistoryAndOpenOnesAreNot() {
    applied.committed(new Command.UpdateNamespace(
        NamespaceName.DEFAULT, new NamespaceSettings(Duration.ofDays(30), 0)));
    applied.committed(record("theirs", 2, new Settlement(Act.REJECT, "reject", "")));
    applied.committed(record("others", 2, leftOpen()));
    Instant closed = closing(conflict(1)).at();
    var retention = new ConflictRetention(applied.store());

    assertThat(retention.due(closed.plus(Duration.ofDays(29)))).isEmpty();
    Command due = retention.due(closed.plus(Duration.ofDays(31))).orElseThrow();
    assertThat(due).isEqualTo(new Command.DropConflicts(List.of(1L)));
    applied.committed(due);
    applied.committed(new Command.DropConflicts(List.of(1L, 2L, 3L)));

    assertThat(conflict(1)).isNull();
    assertThat(conflict(2)).isNotNull();
    assertThat(applied.store().position().conflictsDropped()).isEqualTo(1);
    assertThat(applied.committed(record("third", 2, leftOpen())).conflictId()).isEqualTo(3);
  }

  @Test
  void aKeyThatNeverWasCanBeInConflict() {
    Command.RecordConflict command = new Command.RecordConflict(
        ConflictType.VERSION_CONFLICT,
        NamespaceName.DEFAULT,
        Key.of("never"),
        new Version(4),
        Version.NONE,
        null,
        "edge",
        List.of(),
        new Settlement(Act.KEEP, "accept-source", ""));

    Outcome.Committed done = applied.committed(command);

    assertThat(done.versions()).isEmpty();
    assertThat(conflict(1).theirs()).isNull();
  }

  private void put(String text) {
    applied.committed(
        new Command.Put(NamespaceName.DEFAULT, KEY, content(text), Precondition.NONE, false, null));
  }

  private Conflict conflict(long id) {
    return applied.store().<Conflict>read(reader -> reader.conflict(id));
  }

  private static Conflict.Closing closing(Conflict conflict) {
    return Objects.requireNonNull(conflict.closing());
  }

  private static Settlement leftOpen() {
    return new Settlement(Act.LEAVE_OPEN, "manual", "left for a person");
  }

  private static Command.RecordConflict record(String theirs, long ours, Settlement settlement) {
    return new Command.RecordConflict(
        ConflictType.CONCURRENT_MODIFICATION,
        NamespaceName.DEFAULT,
        KEY,
        new Version(1),
        new Version(ours),
        content(theirs),
        "",
        List.of(),
        settlement);
  }

  private static Content content(String text) {
    return Content.of(ByteString.copyFromUtf8(text), "");
  }
}
