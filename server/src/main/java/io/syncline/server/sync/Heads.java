package io.syncline.server.sync;

import io.syncline.codec.SyncCodec;
import io.syncline.model.NamespaceName;
import io.syncline.model.Subscription;
import io.syncline.proto.sync.v1.Head;
import java.util.Set;

/** Says where the source stands. Any thread. */
final class Heads {
  private final ChangeSource source;

  Heads(ChangeSource source) {
    this.source = source;
  }

  Head plain() {
    return toProto(source.position(Set.of()));
  }

  /** With the digests of the namespaces that a subscription has whole. */
  Head withDigests(Subscription subscription) {
    return toProto(source.position(wholeOf(subscription)));
  }

  Set<NamespaceName> wholeOf(Subscription subscription) {
    return subscription.wholeAmong(source.namespaces());
  }

  private static Head toProto(ChangeSource.Position position) {
    return Head.newBuilder()
        .setClusterId(position.cluster().toString())
        .setRevision(position.revision().value())
        .setTerm(position.term())
        .setTimeMs(position.time().toEpochMilli())
        .addAllDigests(SyncCodec.toProto(position.digests()))
        .addAllPath(position.path())
        .setAgeMs(position.ageMs())
        .build();
  }
}
