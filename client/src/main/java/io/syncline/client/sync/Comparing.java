package io.syncline.client.sync;

import com.google.protobuf.ByteString;
import io.syncline.client.sync.Replica.Entry;
import io.syncline.codec.SyncCodec;
import io.syncline.model.ConfigVersion;
import io.syncline.model.CorruptBatch;
import io.syncline.model.DigestBuckets;
import io.syncline.model.Key;
import io.syncline.model.NamespaceComparison;
import io.syncline.model.NamespaceComparison.Difference;
import io.syncline.model.NamespaceComparison.Kind;
import io.syncline.model.NamespaceName;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Revision;
import io.syncline.model.Selector;
import io.syncline.proto.sync.v1.CompareRequest;
import io.syncline.proto.sync.v1.CompareResponse;
import io.syncline.proto.sync.v1.FetchRequest;
import io.syncline.proto.sync.v1.FetchResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares the copy of one namespace with the upstream's, at the copy's revision, and repairs what
 * differs: first the sums of all buckets, then the keys of those that differ, then just the versions
 * that are missing or wrong. Work and bytes are proportional to what differs.
 */
final class Comparing {
  private static final int MAX_FETCHED_KEYS = 500;

  private final Following following;
  private final NamespaceName namespace;
  private final boolean repair;
  private final Revision revision;
  private final Deque<Selector> selectors;
  private final Deque<Integer> buckets = new ArrayDeque<>();
  private final Deque<Key> missing = new ArrayDeque<>();
  private final List<Difference> named = new ArrayList<>();
  private long differences;
  private long repaired;
  private boolean second;

  /**
   * @param repair whether what differs is repaired, or only counted and named
   */
  Comparing(Following following, NamespaceName namespace, boolean repair) {
    this.following = following;
    this.namespace = namespace;
    this.repair = repair;
    this.revision = following.replica().cursor();
    this.selectors = new ArrayDeque<>(following.self().subscription().within(namespace));
  }

  void begin() {
    if (selectors.isEmpty()) {
      if (repair) {
        // what was counted along the way gives way to what is there
        following.replica().repair(Selector.all(namespace), List.of(), List.of());
      }
      following.compared(
          new NamespaceComparison(namespace, revision, differences, named, repaired), repair);
      return;
    }
    ask(null, this::onSums);
  }

  private void goOn() {
    selectors.removeFirst();
    second = false;
    begin();
  }

  private Selector selector() {
    return selectors.getFirst();
  }

  private void ask(@Nullable Integer bucket, Attempt.Taking<CompareResponse> taking) {
    var request = CompareRequest.newBuilder()
        .setSubscriber(following.messages().subscriber())
        .setSelector(SyncCodec.toProto(selector()))
        .setRevision(revision.value());
    if (bucket != null) {
      request.setBucket(bucket);
    }
    following
        .attempt()
        .begin(
            answer -> following.upstream().compare(request.build(), answer),
            taking,
            this::onEnded,
            following.settings().silence());
  }

  private void onSums(CompareResponse response) {
    DigestBuckets ours = following.replica().recount(selector());
    int size = DigestBuckets.SUM_SIZE_BYTES;
    byte[] theirs = response.getSums().toByteArray();
    for (int bucket = 0; bucket < DigestBuckets.COUNT; bucket++) {
      byte[] sum = Arrays.copyOfRange(theirs, bucket * size, (bucket + 1) * size);
      if (!Arrays.equals(sum, ours.get(bucket))) {
        buckets.add(bucket);
      }
    }
    if (buckets.isEmpty()) {
      goOn();
    } else if (second) {
      // a repair that does not help: the copy is beyond it
      following
          .standing()
          .noteError("namespace \"" + namespace + "\" still differs after its repair");
      following.copyAnew();
    } else {
      if (repair) {
        following.suspect(namespace);
      }
      compareNextBucket();
    }
  }

  private void compareNextBucket() {
    Integer bucket = buckets.pollFirst();
    if (bucket == null && repair) {
      second = true;
      ask(null, this::onSums);
    } else if (bucket == null) {
      goOn();
    } else {
      int asked = bucket;
      ask(asked, response -> onEntries(asked, response));
    }
  }

  private void onEntries(int bucket, CompareResponse response) {
    Map<Key, Entry> ours = new LinkedHashMap<>();
    for (Entry entry : following.replica().entries(selector(), bucket)) {
      ours.put(entry.key(), entry);
    }
    for (CompareResponse.Entry theirs : response.getEntriesList()) {
      var key = new Key(theirs.getKey());
      Entry own = ours.remove(key);
      if (own == null) {
        note(key, Kind.MISSING);
      } else if (own.version().value() != theirs.getVersion()) {
        note(key, Kind.OTHER_VERSION);
      } else if (!own.checksum().bytes().equals(theirs.getChecksum())) {
        note(key, Kind.OTHER_CONTENT);
      } else {
        continue;
      }
      missing.add(key);
    }
    ours.keySet().forEach(key -> note(key, Kind.EXTRA));
    if (repair) {
      repair(List.copyOf(ours.keySet()));
    } else {
      missing.clear();
      compareNextBucket();
    }
  }

  private void note(Key key, Kind kind) {
    differences++;
    if (named.size() < NamespaceComparison.MAX_NAMED) {
      named.add(new Difference(key, kind));
    }
  }

  private void repair(List<Key> gone) {
    if (!gone.isEmpty()) {
      following.replica().repair(selector(), List.of(), gone);
      repaired += gone.size();
    }
    fetchMissing();
  }

  private void fetchMissing() {
    if (missing.isEmpty()) {
      compareNextBucket();
      return;
    }
    var keys = new ArrayList<ByteString>();
    for (Key key : missing) {
      if (keys.size() < MAX_FETCHED_KEYS) {
        keys.add(key.bytes());
      }
    }
    var request = FetchRequest.newBuilder()
        .setSubscriber(following.messages().subscriber())
        .setNamespace(namespace.value())
        .setRevision(revision.value())
        .addAllKeys(keys)
        .build();
    following
        .attempt()
        .begin(
            answer -> following.upstream().fetch(request, answer),
            this::onFetched,
            this::onEnded,
            following.settings().silence());
  }

  private void onFetched(FetchResponse response) {
    List<ConfigVersion> heads;
    try {
      heads = SyncCodec.versions(response.getHeadsList());
    } catch (CorruptBatch | IllegalArgumentException e) {
      following.standing().noteCorrupt(e);
      following.repairSpoiled(e);
      return;
    }
    if (heads.isEmpty()) {
      following.fail(new IllegalStateException("nothing of what was asked for to repair"));
      return;
    }
    following.replica().repair(selector(), heads, List.of());
    repaired += heads.size();
    heads.forEach(head -> missing.remove(head.key()));
    fetchMissing();
  }

  private void onEnded(@Nullable Throwable error) {
    if (Following.isRefused(error, Reason.COMPACTED)) {
      following.catchUpFirst();
    } else {
      following.fail(error == null ? new IllegalStateException("no answer") : error);
    }
  }
}
