package io.syncline.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.syncline.model.Actor;
import io.syncline.model.Checksum;
import io.syncline.model.CommandId;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Consistency;
import io.syncline.model.Key;
import io.syncline.model.KeyRange;
import io.syncline.model.Namespace;
import io.syncline.model.NamespaceName;
import io.syncline.model.NamespaceSettings;
import io.syncline.model.Precondition;
import io.syncline.model.Revision;
import io.syncline.model.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ApiCodecTest {
  private static final int ROUNDS = 2000;

  @Test
  void whateverIsSentArrivesTheSame() {
    Random random = Seed.random();
    for (int i = 0; i < ROUNDS; i++) {
      ConfigVersion version = version(random);
      assertThat(ApiCodec.toDomain(ApiCodec.toProto(version))).isEqualTo(version);
      Actor actor = actor(random);
      assertThat(ApiCodec.toDomain(ApiCodec.toProto(actor))).isEqualTo(actor);
      var id = new CommandId(bytes(random, 16, 16), positive(random));
      assertThat(ApiCodec.toDomain(ApiCodec.toProto(id))).isEqualTo(id);
      Precondition precondition = precondition(random);
      assertThat(ApiCodec.toDomain(ApiCodec.toProto(precondition))).isEqualTo(precondition);
      var range = new KeyRange(bytes(random, 0, 5), bytes(random, 0, 5));
      assertThat(ApiCodec.toDomain(ApiCodec.toProto(range))).isEqualTo(range);
      Consistency consistency = consistency(random);
      assertThat(ApiCodec.toDomain(ApiCodec.toProto(consistency))).isEqualTo(consistency);
      Namespace namespace = namespace(random);
      assertThat(ApiCodec.toDomain(ApiCodec.toProto(namespace))).isEqualTo(namespace);
    }
  }

  @Test
  void aRequestThatStatesNoConsistencyIsLinearizable() {
    assertThat(ApiCodec.toDomain(io.syncline.proto.api.v1.Consistency.getDefaultInstance()))
        .isEqualTo(Consistency.LINEARIZABLE);
  }

  @Test
  void aPrefixBecomesItsRange() {
    var proto = io.syncline.proto.api.v1.KeyRange.newBuilder()
        .setPrefix(ByteString.copyFromUtf8("a/"))
        .build();

    assertThat(ApiCodec.toDomain(proto)).isEqualTo(KeyRange.prefix("a/"));
  }

  @Test
  void aPreconditionThatDeniesAbsenceIsRefused() {
    var proto =
        io.syncline.proto.api.v1.Precondition.newBuilder().setAbsent(false).build();

    assertThatThrownBy(() -> ApiCodec.toDomain(proto))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("absent = false");
  }

  @Test
  void aNumberAboveTheGreatestIsRefusedAndNotTakenForANegativeOne() {
    var staleness =
        io.syncline.proto.api.v1.Consistency.newBuilder().setMaxStalenessMs(-1).build();
    var revision =
        io.syncline.proto.api.v1.Precondition.newBuilder().setAtRevision(-1).build();

    assertThatThrownBy(() -> ApiCodec.toDomain(staleness))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("18446744073709551615");
    assertThatThrownBy(() -> ApiCodec.toDomain(revision))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static ConfigVersion version(Random random) {
    boolean tombstone = random.nextInt(4) == 0;
    ByteString content = tombstone ? ByteString.EMPTY : bytes(random, 0, 50);
    long born = 1L + random.nextInt(1000);
    return new ConfigVersion(
        name(random),
        new Key(bytes(random, 1, 40)),
        new Version(born + random.nextInt(1000)),
        new Revision(positive(random)),
        content,
        text(random, 20),
        Checksum.of(content),
        content.size(),
        time(random),
        actor(random),
        text(random, 100),
        random.nextBoolean() ? null : new Version(positive(random)),
        tombstone,
        new Version(born),
        new Revision(positive(random)),
        random.nextBoolean() ? null : time(random));
  }

  private static Namespace namespace(Random random) {
    return new Namespace(
        name(random),
        new NamespaceSettings(
            Duration.ofMillis(random.nextInt(Integer.MAX_VALUE)), random.nextInt(1000)),
        time(random),
        actor(random),
        positive(random),
        positive(random),
        positive(random),
        Revision.of(random.nextInt(3)),
        Revision.of(random.nextInt(3)),
        Checksum.of(bytes(random, 0, 5)));
  }

  private static Precondition precondition(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> Precondition.NONE;
      case 1 -> Precondition.ABSENT;
      case 2 -> new Precondition.AtVersion(Version.of(random.nextInt(3)));
      case 3 -> new Precondition.AtRevision(Revision.of(random.nextInt(3)));
      default -> new Precondition.AtChecksum(Checksum.of(bytes(random, 0, 5)));
    };
  }

  private static Consistency consistency(Random random) {
    return switch (random.nextInt(3)) {
      case 0 -> Consistency.LINEARIZABLE;
      case 1 -> new Consistency.AtLeast(Revision.of(random.nextInt(3)));
      default -> new Consistency.Stale(Duration.ofMillis(random.nextInt(3)));
    };
  }

  private static NamespaceName name(Random random) {
    return new NamespaceName("n" + random.nextInt(1_000_000) + ".x_y-z");
  }

  private static Actor actor(Random random) {
    return new Actor("a" + text(random, 50), random.nextBoolean());
  }

  private static Instant time(Random random) {
    return Instant.ofEpochMilli(random.nextLong() >> 16);
  }

  private static long positive(Random random) {
    return 1 + (random.nextLong() >>> 2);
  }

  private static String text(Random random, int maxLength) {
    return random
        .ints(random.nextInt(maxLength + 1), 0x20, 0x2000)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static ByteString bytes(Random random, int minSize, int maxSize) {
    byte[] bytes = new byte[minSize + random.nextInt(maxSize - minSize + 1)];
    random.nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }
}
