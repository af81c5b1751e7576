package io.syncline.verify.etcd;

import com.fasterxml.jackson.databind.JsonNode;
import io.syncline.proto.etcd.v3.CompactionRequest;
import io.syncline.proto.etcd.v3.LeaseGrantRequest;
import io.syncline.proto.etcd.v3.LeaseRevokeRequest;
import io.syncline.proto.etcd.v3.WatchCreateRequest;
import io.syncline.verify.etcd.Watching.Watched;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What the answers so far tell about the stores; the next operations are made up from it. */
final class Known {
  private final Set<Long> leases = new TreeSet<>();
  private final List<Watched> watches = new ArrayList<>();
  private final Set<Integer> streams = new TreeSet<>();
  private final Set<String> ended = new HashSet<>();
  private final Set<Long> puts = new HashSet<>();
  private long revision;
  private long compacted;

  long revision() {
    return revision;
  }

  /** Up to where history is compacted; 0 if it is not. */
  long compacted() {
    return compacted;
  }

  List<Long> leases() {
    return List.copyOf(leases);
  }

  List<Watched> watches() {
    return watches;
  }

  /** Streams of watches that are open. */
  Set<Integer> streams() {
    return streams;
  }

  /** Whether at this revision one key was put, and nothing else was done. */
  boolean isPut(long at) {
    return puts.contains(at);
  }

  /** Whether such a watch was ended by the store. */
  boolean hasEnded(int stream, long id) {
    return ended.contains(stream + "/" + id);
  }

  void learn(Operation operation, Answer answer) {
    revision = Math.max(revision, newest(answer.body()));
    if (operation instanceof Operation.Call call && answer.isOk()) {
      learn(call);
      if (call.method().equals(Method.PUT)) {
        puts.add(answer.revision());
      }
    } else if (operation instanceof Watching.Create create) {
      learn(create.stream(), create.request(), answer.body(), false);
    } else if (operation instanceof Watching.CreateOverHttp create) {
      for (int i = 0; i < create.requests().size(); i++) {
        JsonNode created = answer.body().path(i).path("body");
        learn(create.stream(), create.requests().get(i), created, true);
      }
    } else if (operation instanceof Watching.Cancel cancel) {
      watches.removeIf(watch -> watch.stream() == cancel.stream() && watch.id() == cancel.id());
    } else if (operation instanceof Watching.Close close) {
      streams.remove(close.stream());
      watches.removeIf(watch -> watch.stream() == close.stream());
    } else if (operation instanceof Watching.Barrier) {
      forgetEnded(answer.body().path("streams"));
    }
  }

  private static long newest(JsonNode node) {
    long newest = node.path("header").path("revision").asLong();
    for (JsonNode child : node) {
      newest = Math.max(newest, newest(child));
    }
    return newest;
  }

  private void learn(Operation.Call call) {
    if (call.request() instanceof CompactionRequest compaction) {
      compacted = compaction.getRevision();
    } else if (call.request() instanceof LeaseGrantRequest grant) {
      leases.add(grant.getID());
    } else if (call.request() instanceof LeaseRevokeRequest revoke) {
      leases.remove(revoke.getID());
    }
  }

  private void learn(int stream, WatchCreateRequest request, JsonNode created, boolean overHttp) {
    streams.add(stream);
    if (!created.path("canceled").asBoolean()) {
      watches.add(new Watched(
          stream,
          created.path("watch_id").asLong(),
          Keys.orLeast(request.getKey()),
          request.getStartRevision() == 0 ? revision + 1 : request.getStartRevision(),
          !request.getFiltersList().contains(WatchCreateRequest.FilterType.NOPUT),
          !request.getFiltersList().contains(WatchCreateRequest.FilterType.NODELETE),
          overHttp));
    }
  }

  private void forgetEnded(JsonNode taken) {
    for (Watched watch : List.copyOf(watches)) {
      JsonNode log = taken.path(Integer.toString(watch.stream())).path(Long.toString(watch.id()));
      if (log.has("end")) {
        watches.remove(watch);
        ended.add(watch.name());
      }
    }
  }
}
