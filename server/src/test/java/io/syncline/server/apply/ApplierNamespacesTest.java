package io.syncline.server.apply;

import static io.syncline.server.Commands.OTHER;
import static io.syncline.server.Commands.compact;
import static io.syncline.server.Commands.createNamespace;
import static io.syncline.server.Commands.delete;
import static io.syncline.server.Commands.deleteRange;
import static io.syncline.server.Commands.prune;
import static io.syncline.server.Commands.put;
import static io.syncline.server.Commands.rollback;
import static io.syncline.server.Commands.undelete;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.model.Command;
import io.syncline.model.Key;
import io.syncline.model.KeyRange;
import io.syncline.model.NamespaceName;
import io.syncline.model.NamespaceRecord;
import io.syncline.model.NamespaceSettings;
import io.syncline.model.Outcome;
import io.syncline.model.Precondition;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Revision;
import io.syncline.model.Version;
import io.syncline.server.AppliedStore;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of commands about namespaces and their history. */
class ApplierNamespacesTest extends ApplierFixture {
  @Test
  void aNamespaceIsMadeOnceAndItsSettingsChanged() {
    store.committed(createNamespace(OTHER));
    assertThat(store.rejected(createNamespace(OTHER)).reason()).isEqualTo(Reason.NAMESPACE_EXISTS);
    var settings = new NamespaceSettings(Duration.ofDays(1), 5);
    store.committed(new Command.UpdateNamespace(OTHER, settings));

    NamespaceRecord record = store.namespace(OTHER);
    assertThat(record.settings()).isEqualTo(settings);
    assertThat(record.createdBy()).isEqualTo(AppliedStore.ACTOR);
    assertThat(record.id()).isNotEqualTo(namespace().id());
    assertThat(store.revision()).isEqualTo(Revision.ZERO);
  }

  @Test
  void sameKeysOfTwoNamespacesAreStrangers() {
    store.apply(
        createNamespace(OTHER),
        put("key", "one"),
        put(OTHER, "key", "two", Precondition.ABSENT, false));

    assertThat(store.head("key").content().toStringUtf8()).isEqualTo("one");
    assertThat(store.namespace(OTHER).liveKeys()).isEqualTo(1);
    assertThat(store.namespace(OTHER).revision()).isEqualTo(new Revision(2));
    store.committed(deleteRange(""));
    assertThat(store.namespace(OTHER).liveKeys()).isEqualTo(1);
    assertThat(namespace().liveKeys()).isZero();
  }

  @Test
  void thereAreAtMostTenThousandNamespaces() {
    Command[] creates = IntStream.range(0, 10_000)
        .mapToObj(i -> createNamespace(new NamespaceName("n" + i)))
        .toArray(Command[]::new);

    List<Outcome> outcomes = store.apply(creates);

    assertThat(outcomes.subList(0, 9_999)).allMatch(Outcome.Committed.class::isInstance);
    assertThat(outcomes.get(9_999)).isInstanceOfSatisfying(Outcome.Rejected.class, refused -> {
      assertThat(refused.rejection().reason()).isEqualTo(Reason.TOO_MANY);
      assertThat(refused.rejection().limit()).isEqualTo(10_000);
    });
  }

  static List<Command> commandsInAnUnknownNamespace() {
    NamespaceName none = new NamespaceName("none");
    Key key = Key.of("key");
    return List.of(
        put(none, "key", "x", Precondition.NONE, false),
        new Command.Delete(none, key, Precondition.NONE, null),
        new Command.DeleteRange(none, KeyRange.ALL),
        new Command.Undelete(none, key, Precondition.NONE),
        new Command.Rollback(none, key, new Version(1), Precondition.NONE),
        new Command.Transaction(none, List.of(), List.of(), List.of()),
        new Command.UpdateNamespace(none, NamespaceSettings.KEEP_ALL),
        new Command.Compact(none, Revision.ZERO),
        new Command.Prune(none, List.of()));
  }

  @ParameterizedTest
  @MethodSource("commandsInAnUnknownNamespace")
  void everyCommandInAnUnknownNamespaceIsRefusedByItsName(Command command) {
    Rejection refusal = store.rejected(command);

    assertThat(refusal.reason()).isEqualTo(Reason.NAMESPACE_NOT_FOUND);
    assertThat(refusal.message()).contains("\"none\"");
    assertThat(store.revision()).isEqualTo(Revision.ZERO);
  }

  @Test
  void aCompactionRaisesTheHorizonNeverLowersItAndIsNoRevision() {
    store.apply(put("key", "1"), put("key", "2"), put("key", "3"));

    store.committed(compact(2));
    store.committed(compact(2));
    store.committed(compact(1));

    assertThat(namespace().horizon()).isEqualTo(new Revision(2));
    assertThat(store.revision()).isEqualTo(new Revision(3));
    Rejection future = store.rejected(compact(4));
    assertThat(future.reason()).isEqualTo(Reason.FUTURE_REVISION);
    assertThat(future.nearest()).isEqualTo(new Revision(3));
  }

  @Test
  void aCompactionOfAllNamespacesRaisesEveryHorizon() {
    store.apply(
        createNamespace(OTHER), put("key", "1"), new Command.Compact(null, new Revision(1)));

    assertThat(namespace().horizon()).isEqualTo(new Revision(1));
    assertThat(store.namespace(OTHER).horizon()).isEqualTo(new Revision(1));
  }

  @Test
  void aPruneDropsOldVersionsOfItsKeyAndLeavesOtherKeysTheirs() {
    store.apply(put("key", "1"), put("key", "2"), put("key", "3"), put("key", "4"));
    store.apply(put("quiet", "1"), put("quiet", "2"));

    store.committed(prune("key", 3));

    assertThat(namespace().horizon()).isEqualTo(Revision.ZERO);
    assertThat(namespace().completeFrom()).isEqualTo(new Revision(3));
    store.committed(rollback("quiet", 1));
    assertThat(store.rejected(rollback("key", 2)).reason()).isEqualTo(Reason.COMPACTED);
    assertThat(versionOf("key", 3).content().toStringUtf8()).isEqualTo("3");
    assertThat(store.revision()).isEqualTo(new Revision(7));
    NamespaceRecord before = namespace();
    store.apply(prune("key", 3), prune("none", 3));
    assertThat(namespace()).isEqualTo(before);
  }

  @Test
  void aPruneNeverDropsTheNewestVersion() {
    store.apply(put("key", "1"), put("key", "2"));

    store.committed(prune("key", 99));

    assertThat(store.head("key").content().toStringUtf8()).isEqualTo("2");
    assertThat(versionOf("key", 2).content().toStringUtf8()).isEqualTo("2");
  }

  @Test
  void aPruneOfWhatItsOwnBatchSupersededSaysThatTheChangeLogHasAHole() {
    store.committed(put("key", "1"));

    store.apply(put("key", "2"), prune("key", 2));

    assertThat(namespace().completeFrom()).isEqualTo(new Revision(2));
    assertThat(store.rejected(rollback("key", 1)).reason()).isEqualTo(Reason.COMPACTED);
  }

  @Test
  void liveKeysAndBytesAreCounted() {
    store.apply(put("k1", "12345"), put("k2", "1"), put("k1", "123"), put("k3", ""));
    assertThat(namespace().liveKeys()).isEqualTo(3);
    assertThat(namespace().liveBytes()).isEqualTo(5 + 3 + 2);
    assertThat(namespace().changes()).isEqualTo(4);

    store.apply(delete("k1"), delete("k3"));
    assertThat(namespace().liveKeys()).isEqualTo(1);
    assertThat(namespace().liveBytes()).isEqualTo(3);

    store.apply(undelete("k1"));
    assertThat(namespace().liveBytes()).isEqualTo(3 + 5);
  }
}
