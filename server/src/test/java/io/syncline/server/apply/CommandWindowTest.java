package io.syncline.server.apply;

import static io.syncline.server.Commands.atVersion;
import static io.syncline.server.Commands.compact;
import static io.syncline.server.Commands.id;
import static io.syncline.server.Commands.put;
import static io.syncline.server.Commands.putting;
import static io.syncline.server.Commands.transaction;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.syncline.model.Command;
import io.syncline.model.CommandId;
import io.syncline.model.Outcome;
import io.syncline.model.Precondition;
import io.syncline.model.ProposedCommand;
import io.syncline.model.Revision;
import io.syncline.server.AppliedStore;
import io.syncline.server.AppliedStoreFixture;
import io.syncline.server.Commands;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A command that comes again gives its first outcome, and does nothing. */
class CommandWindowTest extends AppliedStoreFixture {
  @Test
  void inTheSameBatch() {
    ProposedCommand write = identified(1, put("key", "one"));
    ProposedCommand refused = identified(2, put("key", "x", atVersion(7)));

    List<Outcome> outcomes = store
        .apply(List.of(write, refused, AppliedStore.proposed(put("key", "two")), write, refused))
        .outcomes();

    assertThat(outcomes.get(3)).isEqualTo(outcomes.get(0));
    assertThat(outcomes.get(4)).isEqualTo(outcomes.get(1));
    assertThat(outcomes.get(1)).isInstanceOf(Outcome.Rejected.class);
    assertThat(store.revision()).isEqualTo(new Revision(2));
  }

  @Test
  void inALaterBatchAndAfterTheStoreWasOpenedAgain() {
    List<ProposedCommand> writes = List.of(
        identified(1, put("key", "one")),
        identified(2, put("key", "one")),
        identified(3, put("key", "x", Precondition.ABSENT)),
        identified(4, put("none", "x", atVersion(3))),
        identified(5, compact(1000)),
        identified(6, Commands.delete("nowhere")),
        identified(
            7,
            transaction(
                List.of(Commands.compare("key", atVersion(9))),
                List.of(),
                List.of(putting("a", "1"), putting("b", "2"), putting("key", "two")))));
    List<Outcome> first = store.apply(writes).outcomes();
    store.apply(put("key", "three"), put("a", "three"));
    Revision before = store.revision();

    assertThat(store.apply(writes).outcomes()).isEqualTo(first);
    store.reopen();
    assertThat(store.apply(writes).outcomes()).isEqualTo(first);
    assertThat(store.revision()).isEqualTo(before);
    assertThat(store.head("key").content().toStringUtf8()).isEqualTo("three");
  }

  @Test
  void alsoIfItWasRefusedWhenTheStoreWasStillEmpty() {
    ProposedCommand early = identified(1, compact(5));
    Outcome first = store.apply(List.of(early)).outcomes().get(0);
    store.apply(put("key", "one"));

    assertThat(store.apply(List.of(early)).outcomes().get(0)).isEqualTo(first);
  }

  @Test
  void anotherClientWithTheSameSequenceIsAnother() {
    var other = new CommandId(ByteString.copyFromUtf8("fedcba9876543210"), 1);
    store.apply(List.of(identified(1, put("key", "one"))));

    store.apply(List.of(
        new ProposedCommand(other, AppliedStore.ACTOR, "", put("key", "two", atVersion(1)))));

    assertThat(store.head("key").content().toStringUtf8()).isEqualTo("two");
  }

  @Test
  void withoutAnIdEveryCommandIsCarriedOut() {
    Command forced = put(Commands.DEFAULT, "key", "x", Precondition.NONE, true);
    store.apply(forced, forced);

    assertThat(store.revision()).isEqualTo(new Revision(2));
  }

  @Test
  void theWindowForgetsTheOldestFirstAndOnlyThem() {
    var batch = new ArrayList<ProposedCommand>();
    for (int sequence = 1; sequence <= CommandWindow.SIZE + 1; sequence++) {
      batch.add(identified(sequence, put("key", "x", atVersion(sequence == 1 ? 0 : 99))));
      if (batch.size() == 10_000) {
        store.apply(batch);
        batch.clear();
      }
    }
    store.apply(batch);
    store.reopen();
    ProposedCommand oldestKept = identified(2, put("key", "y"));
    ProposedCommand forgotten = identified(1, put("key", "y"));

    List<Outcome> outcomes = store.apply(List.of(oldestKept, forgotten)).outcomes();

    assertThat(outcomes.get(0)).isInstanceOf(Outcome.Rejected.class);
    assertThat(outcomes.get(1))
        .isInstanceOfSatisfying(
            Outcome.Committed.class, c -> assertThat(c.changed()).isTrue());
    assertThat(store.revision()).isEqualTo(new Revision(2));
  }

  private static ProposedCommand identified(long sequence, Command command) {
    return new ProposedCommand(id(sequence), AppliedStore.ACTOR, "", command);
  }
}
