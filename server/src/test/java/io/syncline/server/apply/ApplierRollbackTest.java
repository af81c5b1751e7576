package io.syncline.server.apply;

import static io.syncline.server.Commands.DEFAULT;
import static io.syncline.server.Commands.atVersion;
import static io.syncline.server.Commands.compact;
import static io.syncline.server.Commands.content;
import static io.syncline.server.Commands.delete;
import static io.syncline.server.Commands.put;
import static io.syncline.server.Commands.rollback;
import static io.syncline.server.Commands.undelete;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.model.Actor;
import io.syncline.model.Command;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Key;
import io.syncline.model.Outcome;
import io.syncline.model.ProposedCommand;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Revision;
import io.syncline.model.Version;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of rollbacks and undeletes. */
class ApplierRollbackTest extends ApplierFixture {
  @Test
  void anUndeleteBringsBackWhatWasThereBeforeTheDelete() {
    store.committed(put("key", "one"));
    store.committed(put("key", "two"));
    store.committed(delete("key"));

    store.committed(undelete("key"));

    ConfigVersion head = store.head("key");
    assertThat(head.content().toStringUtf8()).isEqualTo("two");
    assertThat(head.rollbackOf()).isEqualTo(new Version(2));
    assertThat(head.version()).isEqualTo(new Version(4));
    assertThat(head.beginsLife()).isTrue();
    assertThat(head.contentType()).isEqualTo("text/plain");
  }

  @Test
  void onlyADeletedKeyIsUndeleted() {
    assertThat(store.rejected(undelete("key")).reason()).isEqualTo(Reason.KEY_NOT_FOUND);
    store.committed(put("key", "one"));
    assertThat(store.rejected(undelete("key")).reason()).isEqualTo(Reason.WRONG_STATE);
    store.committed(delete("key"));
    assertThat(store
            .rejected(new Command.Undelete(DEFAULT, Key.of("key"), atVersion(1)))
            .reason())
        .isEqualTo(Reason.PRECONDITION_FAILED);
    assertThat(store.revision()).isEqualTo(new Revision(2));
  }

  @Test
  void S4_44_aRollbackIsANewVersionWithTheOldContentAndChecksum() {
    store.apply(put("key", "one"), put("key", "two"), put("key", "three"));

    Outcome.Committed rolledBack = store.committed(rollback("key", 1));

    ConfigVersion head = store.head("key");
    assertThat(rolledBack.versions()).containsExactly(head.withoutContent());
    assertThat(head.version()).isEqualTo(new Version(4));
    assertThat(head.content().toStringUtf8()).isEqualTo("one");
    assertThat(head.checksum()).isEqualTo(content("one").checksum());
    assertThat(head.rollbackOf()).isEqualTo(new Version(1));
    assertThat(head.bornVersion()).isEqualTo(new Version(1));
  }

  @Test
  void S4_45_rollbackIsWrittenByTheRealActorAlsoAfterADeleteAndByCompareAndSet() {
    store.apply(put("key", "one"), put("key", "two"));
    store.committed(delete("key"));
    var operator = new Actor("oncall", true);

    Rejection refusal = store.rejected(rollback("key", 1, atVersion(2)));
    store.apply(List.of(
        new ProposedCommand(null, operator, "bad deploy", rollback("key", 1, atVersion(3)))));

    assertThat(refusal.reason()).isEqualTo(Reason.PRECONDITION_FAILED);
    ConfigVersion head = store.head("key");
    assertThat(head.createdBy()).isEqualTo(operator);
    assertThat(head.reason()).isEqualTo("bad deploy");
    assertThat(head.rollbackOf()).isEqualTo(new Version(1));
    assertThat(head.version()).isEqualTo(new Version(4));
    assertThat(head.beginsLife()).isTrue();
  }

  @Test
  void aRollbackToWhatIsThereMakesNoVersion() {
    store.apply(put("key", "one"), put("key", "two"), put("key", "one"));

    assertThat(store.committed(rollback("key", 3)).changed()).isFalse();
    assertThat(store.committed(rollback("key", 1)).changed()).isFalse();
    assertThat(store.revision()).isEqualTo(new Revision(3));
  }

  @Test
  void aRollbackToNoContentIsRefused() {
    store.apply(put("key", "one"), delete("key"), put("key", "two"));

    assertThat(store.rejected(rollback("key", 2)).reason()).isEqualTo(Reason.WRONG_STATE);
    Rejection beyond = store.rejected(rollback("key", 4));
    assertThat(beyond.reason()).isEqualTo(Reason.VERSION_NOT_FOUND);
    assertThat(beyond.message()).contains("version 4", "1 to 3");
    assertThat(store.rejected(rollback("key", 0)).reason()).isEqualTo(Reason.VERSION_NOT_FOUND);
    assertThat(store.rejected(rollback("none", 1)).reason()).isEqualTo(Reason.KEY_NOT_FOUND);
    store.committed(delete("key"));
    assertThat(store.rejected(rollback("key", 4)).reason()).isEqualTo(Reason.WRONG_STATE);
    assertThat(store.revision()).isEqualTo(new Revision(4));
  }

  @Test
  void aRollbackToACompactedVersionIsRefusedWhetherItWasSweptOrNot() {
    store.apply(put("key", "one"), put("key", "two"), put("key", "three"), put("key", "four"));
    store.committed(compact(3));

    Rejection refusal = store.rejected(rollback("key", 2));

    assertThat(refusal.reason()).isEqualTo(Reason.COMPACTED);
    assertThat(refusal.nearest()).isEqualTo(new Revision(3));
    assertThat(store.committed(rollback("key", 3)).changed()).isTrue();
    assertThat(store.committed(rollback("key", 4)).changed()).isTrue();
  }

  @Test
  void anUndeleteOfACompactedContentIsRefused() {
    store.apply(put("key", "one"), delete("key"), put("other", "x"));
    store.committed(compact(2));

    assertThat(store.rejected(undelete("key")).reason()).isEqualTo(Reason.COMPACTED);
  }
}
