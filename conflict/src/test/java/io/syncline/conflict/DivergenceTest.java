package io.syncline.conflict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.syncline.conflict.Divergence.Origin;
import io.syncline.conflict.Divergence.Standing;
import io.syncline.model.Actor;
import io.syncline.model.Checksum;
import io.syncline.model.ConfigVersion;
import io.syncline.model.ConflictType;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.Revision;
import io.syncline.model.Version;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DivergenceTest {
  private static final Key KEY = Key.of("routes/api.yaml");

  @Test
  void aCopyThatOnlyLagsIsNeverInConflict() {
    ConfigVersion old = version(3, 30, "a");
    ConfigVersion head = version(7, 70, "b");

    assertThat(Divergence.ofCopy(old, head, old)).isEqualTo(new Standing.Lags(4));
    assertThat(Divergence.ofCopy(old, tombstone(7, 70), old)).isEqualTo(new Standing.Lags(4));
  }

  @Test
  void aCopyOfTheNewestVersionIsInStep() {
    assertThat(Divergence.ofCopy(version(3, 30, "a"), version(3, 30, "a"), null))
        .isEqualTo(new Standing.InStep());
  }

  @Test
  void theSameVersionWithAnotherContentIsAContentConflict() {
    var conflict = new Standing.InConflict(ConflictType.CONTENT_CONFLICT);

    assertThat(Divergence.ofCopy(version(3, 30, "a"), version(3, 30, "b"), null))
        .isEqualTo(conflict);
    assertThat(Divergence.ofCopy(version(3, 30, "a"), version(7, 70, "c"), version(3, 30, "b")))
        .isEqualTo(conflict);
    assertThat(Divergence.ofCopy(tombstone(3, 30), version(3, 30, ""), null)).isEqualTo(conflict);
  }

  @Test
  void aVersionThatTheLeaderNeverHadIsAVersionConflict() {
    var conflict = new Standing.InConflict(ConflictType.VERSION_CONFLICT);

    assertThat(Divergence.ofCopy(version(9, 90, "a"), version(7, 70, "a"), null))
        .as("ahead of the leader: a restored backup")
        .isEqualTo(conflict);
    assertThat(Divergence.ofCopy(version(3, 31, "a"), version(7, 70, "b"), version(3, 30, "a")))
        .as("of another history, though the content is the same")
        .isEqualTo(conflict);
  }

  @Test
  void whetherACopyOlderThanTheHistoryIsAnAncestorNobodyCanSay() {
    assertThat(Divergence.ofCopy(version(3, 30, "a"), version(7, 70, "b"), null))
        .isEqualTo(new Standing.Unknown(4));
  }

  @Test
  void aCopyIsComparedWithTheVersionOfItsOwnNumber() {
    assertThatThrownBy(
            () -> Divergence.ofCopy(version(3, 30, "a"), version(7, 70, "b"), version(4, 40, "a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: 3");
  }

  @Test
  void twoEditsFromOneVersionAreAConcurrentModification() {
    assertThat(Divergence.ofChange(Version.of(3), version(4, 40, "a"), sum("b"), Origin.REQUEST))
        .contains(ConflictType.CONCURRENT_MODIFICATION);
    assertThat(Divergence.ofChange(Version.of(3), version(4, 40, "a"), null, Origin.REQUEST))
        .contains(ConflictType.CONCURRENT_MODIFICATION);
    assertThat(Divergence.ofChange(Version.NONE, version(1, 40, "a"), sum("b"), Origin.REQUEST))
        .contains(ConflictType.CONCURRENT_MODIFICATION);
  }

  @Test
  void aDraftOnAnOldBaseIsAVersionConflict() {
    assertThat(Divergence.ofChange(Version.of(3), version(4, 40, "a"), sum("b"), Origin.DRAFT))
        .contains(ConflictType.VERSION_CONFLICT);
  }

  @Test
  void aBaseThatTheLeaderNeverHadIsAVersionConflict() {
    assertThat(Divergence.ofChange(Version.of(5), version(4, 40, "a"), sum("b"), Origin.REQUEST))
        .contains(ConflictType.VERSION_CONFLICT);
    assertThat(Divergence.ofChange(Version.of(5), null, sum("b"), Origin.REQUEST))
        .contains(ConflictType.VERSION_CONFLICT);
  }

  @Test
  void aChangeFromTheHeadOrToWhatIsThereAlreadyCollidesWithNothing() {
    assertThat(Divergence.ofChange(Version.of(4), version(4, 40, "a"), sum("b"), Origin.DRAFT))
        .isEmpty();
    assertThat(Divergence.ofChange(Version.of(3), version(4, 40, "a"), sum("a"), Origin.DRAFT))
        .isEmpty();
    assertThat(Divergence.ofChange(Version.of(3), tombstone(4, 40), null, Origin.DRAFT))
        .isEmpty();
    assertThat(Divergence.ofChange(Version.NONE, null, sum("a"), Origin.DRAFT)).isEmpty();
  }

  @Test
  void aComparisonTellsBothTheVersionsAndTheContents() {
    var apart = new VersionComparison(version(3, 30, "a\n"), version(4, 40, "a\n"));
    assertThat(apart.relation()).isEqualTo(VersionComparison.Relation.BEFORE);
    assertThat(apart.contentDiffers()).isFalse();

    var changed = new VersionComparison(version(4, 40, "b\n"), version(3, 30, "a\n"));
    assertThat(changed.relation()).isEqualTo(VersionComparison.Relation.AFTER);
    assertThat(changed.contentDiffers()).isTrue();
    assertThat(changed.diff(3).unified()).contains("--- version 4", "+++ version 3", "-b", "+a");
  }

  @Test
  void aComparisonIsOfOneKey() {
    ConfigVersion one = version(3, 30, "a");
    ConfigVersion other = version(3, 30, "a", Key.of("other"));

    assertThatThrownBy(() -> new VersionComparison(one, other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: two versions of one key");
  }

  private static Checksum sum(String content) {
    return Checksum.of(ByteString.copyFromUtf8(content));
  }

  private static ConfigVersion version(long version, long revision, String content) {
    return version(version, revision, content, KEY);
  }

  private static ConfigVersion version(long version, long revision, String content, Key key) {
    return version(version, revision, ByteString.copyFromUtf8(content), key, false);
  }

  private static ConfigVersion tombstone(long version, long revision) {
    return version(version, revision, ByteString.EMPTY, KEY, true);
  }

  private static ConfigVersion version(
      long version, long revision, ByteString content, Key key, boolean tombstone) {
    return new ConfigVersion(
        new NamespaceName("default"),
        key,
        new Version(version),
        new Revision(revision),
        content,
        "",
        Checksum.of(content),
        content.size(),
        Instant.EPOCH,
        Actor.ANONYMOUS,
        "",
        null,
        tombstone,
        new Version(1),
        new Revision(10),
        null);
  }
}
