package io.syncline.server.etcd;

import io.syncline.codec.EtcdCodec;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Revision;
import io.syncline.proto.etcd.kv.Event;
import io.syncline.proto.etcd.v3.ResponseHeader;
import io.syncline.proto.etcd.v3.WatchResponse;
import io.syncline.server.feed.WatchBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A batch as responses of bounded size, still without the watch's id.
 *
 * <p>The revision in a header is one up to which everything was told with that response, so that who
 * resumes after it misses nothing. The events of one revision stand in one response, however many there
 * are, unless the client lets them be fragmented.
 */
final class WatchResponses {
  /** As etcd's: what it takes in one request. */
  static final int MAX_BYTES = 3 << 19;

  static final int MAX_EVENTS = 1000;

  /** Tag and length of an event within its response. */
  private static final int EVENT_OVERHEAD_BYTES = 6;

  private final Function<Revision, ResponseHeader> headers;
  private final boolean fragments;
  private final List<WatchResponse> responses = new ArrayList<>();
  private final List<Event> gathered = new ArrayList<>();
  private Revision told = Revision.ZERO;
  private long bytes;

  private WatchResponses(Function<Revision, ResponseHeader> headers, boolean fragments) {
    this.headers = headers;
    this.fragments = fragments;
  }

  /**
   * @param batch with events
   * @param fragments whether a revision may be spread over several responses
   */
  static List<WatchResponse> of(
      WatchBatch batch, Function<Revision, ResponseHeader> headers, boolean fragments) {
    var made = new WatchResponses(headers, fragments);
    var sameRevision = new ArrayList<Event>();
    Revision revision = Revision.ZERO;
    for (WatchBatch.Event event : batch.events()) {
      if (!event.version().revision().equals(revision)) {
        made.add(sameRevision, revision);
        sameRevision.clear();
        revision = event.version().revision();
      }
      sameRevision.add(rendered(event));
    }
    made.add(sameRevision, revision);
    made.end(batch.to(), false);
    return made.responses;
  }

  private void add(List<Event> sameRevision, Revision revision) {
    long size = sameRevision.stream().mapToLong(WatchResponses::sizeOf).sum();
    boolean fits = bytes + size <= MAX_BYTES && gathered.size() + sameRevision.size() <= MAX_EVENTS;
    if (!fits && !gathered.isEmpty()) {
      end(told, false);
    }
    for (Event event : sameRevision) {
      if (fragments && !gathered.isEmpty() && bytes + sizeOf(event) > MAX_BYTES) {
        end(revision.previous(), true);
      }
      gathered.add(event);
      bytes += sizeOf(event);
    }
    told = revision;
  }

  private void end(Revision upTo, boolean fragment) {
    responses.add(WatchResponse.newBuilder()
        .setHeader(headers.apply(upTo))
        .setFragment(fragment)
        .addAllEvents(gathered)
        .build());
    gathered.clear();
    bytes = 0;
  }

  private static int sizeOf(Event event) {
    return event.getSerializedSize() + EVENT_OVERHEAD_BYTES;
  }

  private static Event rendered(WatchBatch.Event event) {
    ConfigVersion version = event.version();
    var rendered = Event.newBuilder()
        .setType(version.tombstone() ? Event.EventType.DELETE : Event.EventType.PUT)
        .setKv(version.tombstone() ? EtcdCodec.deleted(version) : EtcdCodec.toProto(version));
    @Nullable ConfigVersion previous = event.previous();
    if (previous != null && previous.live()) {
      rendered.setPrevKv(EtcdCodec.toProto(previous));
    }
    return rendered.build();
  }
}
