package io.syncline.client;

import com.google.protobuf.ByteString;
import io.syncline.codec.ApiCodec;
import io.syncline.model.Actor;
import io.syncline.model.Checksum;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Key;
import io.syncline.model.Namespace;
import io.syncline.model.NamespaceName;
import io.syncline.model.NamespaceSettings;
import io.syncline.model.Revision;
import io.syncline.model.Version;
import io.syncline.proto.api.v1.ResponseHeader;
import io.syncline.proto.api.v1.WriteResponse;
import java.time.Duration;
import java.time.Instant;

/** Material for answers. */
final class Answers {
  static final NamespaceName TEAM = new NamespaceName("team");
  static final Key KEY = Key.of("routes/api");
  static final ByteString CONTENT = ByteString.copyFromUtf8("timeout: 5s");

  private Answers() {}

  static ConfigVersion version(Key key, long version, long revision, ByteString content) {
    return new ConfigVersion(
        TEAM,
        key,
        new Version(version),
        new Revision(revision),
        content,
        "application/yaml",
        Checksum.of(content),
        content.size(),
        Instant.ofEpochMilli(1_700_000_000_000L),
        new Actor("tester", false),
        "",
        null,
        false,
        new Version(1),
        new Revision(1),
        null);
  }

  static ConfigVersion version(String key, long version, long revision) {
    return version(Key.of(key), version, revision, CONTENT);
  }

  static io.syncline.proto.api.v1.Namespace namespace() {
    return ApiCodec.toProto(new Namespace(
        TEAM,
        new NamespaceSettings(Duration.ofDays(1), 5),
        Instant.ofEpochMilli(1_700_000_000_000L),
        new Actor("tester", false),
        1,
        2,
        3,
        new Revision(4),
        new Revision(1),
        Checksum.OF_NOTHING));
  }

  static ResponseHeader header(long revision) {
    return ResponseHeader.newBuilder().setVoter("v1").setRevision(revision).build();
  }

  static WriteResponse committed(long revision, ConfigVersion... versions) {
    var answer = WriteResponse.newBuilder()
        .setHeader(header(revision))
        .setChanged(true)
        .setComparesHeld(true);
    for (ConfigVersion version : versions) {
      answer.addVersions(ApiCodec.toProto(version.withoutContent()));
    }
    return answer.build();
  }
}
