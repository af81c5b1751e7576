package io.syncline.server.sync;

import com.google.protobuf.ByteString;
import io.syncline.codec.SyncCodec;
import io.syncline.model.ConfigVersion;
import io.syncline.model.DigestBuckets;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Revision;
import io.syncline.model.Selector;
import io.syncline.proto.sync.v1.CompareRequest;
import io.syncline.proto.sync.v1.CompareResponse;
import io.syncline.proto.sync.v1.FetchRequest;
import io.syncline.proto.sync.v1.FetchResponse;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Reads what an admitted follower compares with its copy, and what it repairs by it. Takes time in
 * proportion to what is compared. Any thread.
 */
public final class Comparison {
  private final SyncServer server;

  Comparison(SyncServer server) {
    this.server = server;
  }

  /** The sums of all buckets, or the keys of one. */
  public CompareResponse compare(CompareRequest request) {
    server.requireSound();
    Selector selector = Requests.selector(request.getSelector());
    Revision at = Requests.revision(request.getRevision());
    var response = CompareResponse.newBuilder().setHead(server.heads().plain());
    if (request.hasBucket()) {
      requireBucket(request.getBucket());
      for (ConfigVersion live : server.source().bucket(selector, at, request.getBucket())) {
        response.addEntries(CompareResponse.Entry.newBuilder()
            .setKey(live.key().bytes())
            .setVersion(live.version().value())
            .setChecksum(live.checksum().bytes()));
      }
    } else {
      response.setSums(sums(server.source().buckets(selector, at)));
    }
    return response.build();
  }

  private static void requireBucket(int bucket) {
    if (bucket < 0 || bucket >= DigestBuckets.COUNT) {
      throw new RejectedException(Rejection.badArgument("bucket: "
          + Integer.toUnsignedString(bucket)
          + " (expected: 0 to "
          + (DigestBuckets.COUNT - 1)
          + ")"));
    }
  }

  private static ByteString sums(DigestBuckets buckets) {
    ByteBuffer sums = ByteBuffer.allocate(DigestBuckets.COUNT * DigestBuckets.SUM_SIZE_BYTES);
    for (int bucket = 0; bucket < DigestBuckets.COUNT; bucket++) {
      sums.put(buckets.get(bucket));
    }
    return ByteString.copyFrom(sums.flip());
  }

  /** Some versions, whole; fewer than were asked for if they are large. */
  public FetchResponse fetch(FetchRequest request) {
    server.requireSound();
    if (request.getKeysCount() > SyncLimits.MAX_FETCHED_KEYS) {
      throw new RejectedException(
          Rejection.tooMany("keys", request.getKeysCount(), SyncLimits.MAX_FETCHED_KEYS));
    }
    NamespaceName namespace = Requests.namespace(request.getNamespace());
    List<Key> keys = Requests.keys(request.getKeysList());
    Revision at = Requests.revision(request.getRevision());
    var response = FetchResponse.newBuilder().setHead(server.heads().plain());
    long bytes = 0;
    for (ConfigVersion head : server.source().heads(namespace, keys, at)) {
      bytes += head.sizeBytes();
      if (bytes > SyncLimits.MAX_BYTES && response.getHeadsCount() > 0) {
        break;
      }
      response.addHeads(SyncCodec.toProto(head));
    }
    return response.build();
  }
}
