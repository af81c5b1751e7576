package io.syncline.bench.fanout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.syncline.bench.store.Target.WriteListener;
import io.syncline.model.ChangeBatch;
import io.syncline.model.Key;
import io.syncline.model.Revision;
import io.syncline.model.SnapshotPart;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class LightReplicaTest {
  private static final UUID CLUSTER = new UUID(1, 2);

  private final List<Throwable> ended = new ArrayList<>();
  private final LightReplica replica = new LightReplica(Revision.of(7), new WriteListener() {
    @Override
    public void written(Key key, ByteString content, Revision revision) {}

    @Override
    public void ended(Throwable cause) {
      ended.add(cause);
    }
  });

  @Test
  void aBatchTakesItFurther() {
    replica.apply(batch(7, 9));

    assertThat(replica.cursor()).isEqualTo(Revision.of(9));
    assertThat(replica.cluster()).contains(CLUSTER);
    assertThat(replica.term()).isEqualTo(3);
  }

  @Test
  void aBatchThatDoesNotBeginAtTheCursorIsRefused() {
    assertThatThrownBy(() -> replica.apply(batch(8, 9)))
        .hasMessageContaining("expected: one that begins at 7");
    assertThat(replica.cursor()).isEqualTo(Revision.of(7));
  }

  @Test
  void aSnapshotMeansThatChangesWereNotSeen() {
    replica.stage(new SnapshotPart(
        CLUSTER,
        Revision.ZERO,
        Revision.of(20),
        3,
        List.of(),
        true,
        Map.of(),
        0,
        0,
        0,
        Instant.EPOCH));

    assertThat(ended).singleElement().asString().contains("sent a snapshot at revision 20");
    assertThat(replica.cursor()).isEqualTo(Revision.of(20));
  }

  private static ChangeBatch batch(long from, long to) {
    return new ChangeBatch(
        CLUSTER, 3, Revision.of(from), Revision.of(to), List.of(), Map.of(), Instant.EPOCH);
  }
}
