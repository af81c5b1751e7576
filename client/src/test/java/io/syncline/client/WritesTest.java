package io.syncline.client;

import static io.syncline.client.Answers.CONTENT;
import static io.syncline.client.Answers.KEY;
import static io.syncline.client.Answers.TEAM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.ByteString;
import io.syncline.codec.ApiCodec;
import io.syncline.model.Checksum;
import io.syncline.model.Command;
import io.syncline.model.Command.Content;
import io.syncline.model.Command.Transaction;
import io.syncline.model.CommandId;
import io.syncline.model.KeyRange;
import io.syncline.model.NamespaceSettings;
import io.syncline.model.Precondition;
import io.syncline.model.Revision;
import io.syncline.model.Version;
import io.syncline.proto.api.v1.CompactRequest;
import io.syncline.proto.api.v1.CreateNamespaceRequest;
import io.syncline.proto.api.v1.DeleteRangeRequest;
import io.syncline.proto.api.v1.DeleteRequest;
import io.syncline.proto.api.v1.PutRequest;
import io.syncline.proto.api.v1.RollbackRequest;
import io.syncline.proto.api.v1.TransactRequest;
import io.syncline.proto.api.v1.UndeleteRequest;
import io.syncline.proto.api.v1.UpdateNamespaceRequest;
import io.syncline.proto.api.v1.WriteContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class WritesTest {
  private static final CommandId ID = new CommandId(ByteString.copyFrom(new byte[16]), 7);
  private static final WriteContext CONTEXT = WriteContext.newBuilder()
      .setCommandId(ApiCodec.toProto(ID))
      .setReason("why")
      .build();
  private static final Precondition AT_2 = new Precondition.AtVersion(new Version(2));
  private static final NamespaceSettings SETTINGS = new NamespaceSettings(Duration.ofHours(1), 9);

  private static <Q> Q message(Command command, Class<Q> type) {
    return type.cast(Writes.request(command, ID, "why", Optional.empty()).message());
  }

  @Test
  void aPutCarriesItsContentWithTheChecksum() {
    var request = message(
        new Command.Put(
            TEAM,
            KEY,
            Content.of(CONTENT, "application/yaml"),
            AT_2,
            true,
            Instant.ofEpochMilli(5)),
        PutRequest.class);

    assertThat(request)
        .isEqualTo(PutRequest.newBuilder()
            .setContext(CONTEXT)
            .setNamespace("team")
            .setKey(KEY.bytes())
            .setContent(CONTENT)
            .setContentType("application/yaml")
            .setChecksum(Checksum.of(CONTENT).bytes())
            .setPrecondition(ApiCodec.toProto(AT_2))
            .setForce(true)
            .setSourceTimeMs(5)
            .build());
  }

  @Test
  void aPutThatIsNoImportHasNoSourceTime() {
    var put = new Command.Put(TEAM, KEY, Content.of(CONTENT, ""), Precondition.NONE, false, null);

    assertThat(message(put, PutRequest.class).hasSourceTimeMs()).isFalse();
  }

  @Test
  void aDelete() {
    assertThat(message(
            new Command.Delete(TEAM, KEY, AT_2, Instant.ofEpochMilli(5)), DeleteRequest.class))
        .isEqualTo(DeleteRequest.newBuilder()
            .setContext(CONTEXT)
            .setNamespace("team")
            .setKey(KEY.bytes())
            .setPrecondition(ApiCodec.toProto(AT_2))
            .setSourceTimeMs(5)
            .build());
  }

  @Test
  void aDeleteOfARange() {
    KeyRange range = KeyRange.prefix("routes/");

    assertThat(message(new Command.DeleteRange(TEAM, range), DeleteRangeRequest.class))
        .isEqualTo(DeleteRangeRequest.newBuilder()
            .setContext(CONTEXT)
            .setNamespace("team")
            .setRange(ApiCodec.toProto(range))
            .build());
  }

  @Test
  void anUndelete() {
    assertThat(message(new Command.Undelete(TEAM, KEY, AT_2), UndeleteRequest.class))
        .isEqualTo(UndeleteRequest.newBuilder()
            .setContext(CONTEXT)
            .setNamespace("team")
            .setKey(KEY.bytes())
            .setPrecondition(ApiCodec.toProto(AT_2))
            .build());
  }

  @Test
  void aRollback() {
    assertThat(
            message(new Command.Rollback(TEAM, KEY, new Version(1), AT_2), RollbackRequest.class))
        .isEqualTo(RollbackRequest.newBuilder()
            .setContext(CONTEXT)
            .setNamespace("team")
            .setKey(KEY.bytes())
            .setToVersion(1)
            .setPrecondition(ApiCodec.toProto(AT_2))
            .build());
  }

  @Test
  void aTransactionKeepsItsBranchesAndTheirOrder() {
    var put = new Transaction.Operation(KEY, Content.of(CONTENT, "text/plain"), true);
    var delete = new Transaction.Operation(KEY, null, false);

    var request = message(
        new Transaction(
            TEAM,
            List.of(new Transaction.Compare(KEY, AT_2)),
            List.of(put, delete),
            List.of(delete)),
        TransactRequest.class);

    var expectedDelete = TransactRequest.Operation.newBuilder()
        .setKey(KEY.bytes())
        .setDelete(TransactRequest.DeleteAction.getDefaultInstance());
    assertThat(request)
        .isEqualTo(TransactRequest.newBuilder()
            .setContext(CONTEXT)
            .setNamespace("team")
            .addCompares(TransactRequest.Compare.newBuilder()
                .setKey(KEY.bytes())
                .setCondition(ApiCodec.toProto(AT_2)))
            .addThenOperations(TransactRequest.Operation.newBuilder()
                .setKey(KEY.bytes())
                .setPut(TransactRequest.PutAction.newBuilder()
                    .setContent(CONTENT)
                    .setContentType("text/plain")
                    .setForce(true)))
            .addThenOperations(expectedDelete)
            .addElseOperations(expectedDelete)
            .build());
  }

  @Test
  void namespacesAreCreatedAndUpdatedWithTheirSettings() {
    var create = new Command.CreateNamespace(TEAM, SETTINGS);
    var update = new Command.UpdateNamespace(TEAM, SETTINGS);

    assertThat(message(create, CreateNamespaceRequest.class))
        .isEqualTo(CreateNamespaceRequest.newBuilder()
            .setContext(CONTEXT)
            .setName("team")
            .setSettings(ApiCodec.toProto(SETTINGS))
            .build());
    assertThat(message(update, UpdateNamespaceRequest.class))
        .isEqualTo(UpdateNamespaceRequest.newBuilder()
            .setContext(CONTEXT)
            .setName("team")
            .setSettings(ApiCodec.toProto(SETTINGS))
            .build());
  }

  @Test
  void oneNamespaceOrAllAreCompacted() {
    var one = message(new Command.Compact(TEAM, new Revision(5)), CompactRequest.class);
    var all = message(new Command.Compact(null, new Revision(5)), CompactRequest.class);

    assertThat(one.getContext()).isEqualTo(CONTEXT);
    assertThat(one.getNamespace()).isEqualTo("team");
    assertThat(one.getRevision()).isEqualTo(5);
    assertThat(all.getNamespace()).isEmpty();
  }

  @Test
  void whatOnlyVotersProposeIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Writes.request(new Command.Barrier(), ID, "", Optional.empty()))
        .withMessage("Barrier: proposed by voters only (expected: a write)");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Writes.request(new Command.Prune(TEAM, List.of()), ID, "", Optional.empty()));
  }
}
