package io.syncline.verify.etcd;

import com.google.protobuf.ByteString;
import io.syncline.proto.etcd.v3.WatchCreateRequest;
import io.syncline.proto.etcd.v3.WatchCreateRequest.FilterType;
import io.syncline.verify.etcd.Watching.Watched;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Makes up what is done with watches. What they have got is looked at by barriers. */
final class Watches {
  private static final int MOST_STREAMS = 4;
  private static final int MOST_WATCHES = 20;
  private static final List<Long> CHOSEN_IDS = List.of(1L, 2L, 7L, 1L << 40, Long.MAX_VALUE, -7L);

  private final Random random;
  private final Known known;
  private final Keys keys;
  private final KeyOperations operations;
  private int streams;
  private int barriers;

  Watches(Random random, Known known, KeyOperations operations) {
    this.random = random;
    this.known = known;
    this.operations = operations;
    keys = new Keys(random);
  }

  private boolean once(int in) {
    return random.nextInt(in) == 0;
  }

  /** After a barrier where what is not yet delivered would otherwise be lost at one store only. */
  List<Supplier<Operation>> any() {
    if (known.streams().isEmpty()) {
      return List.of(this::create);
    }
    return new Draw<List<Supplier<Operation>>>()
        .add(50, () -> List.of(this::create))
        .add(10, () -> List.of(this::barrier))
        .add(15, () -> List.of(this::barrier, this::cancel))
        .add(15, () -> List.of(this::barrier, this::progress))
        .add(8, () -> List.of(this::barrier, () -> new Watching.Close(anyStream())))
        .from(random);
  }

  Operation barrier() {
    return new Watching.Barrier(++barriers, List.copyOf(known.watches()));
  }

  private int anyStream() {
    List<Integer> open = List.copyOf(known.streams());
    return open.get(random.nextInt(open.size()));
  }

  /** One that takes requests; a new one if there is none, or once in a while. */
  private int streamForRequests() {
    List<Integer> open = streamsForRequests();
    return open.isEmpty() || (once(4) && known.streams().size() < MOST_STREAMS)
        ? 2 * ++streams
        : open.get(random.nextInt(open.size()));
  }

  private Operation create() {
    if (known.watches().size() >= MOST_WATCHES) {
      return barrier();
    }
    if (once(5) && known.streams().size() < MOST_STREAMS) {
      var requests = new ArrayList<WatchCreateRequest>();
      int stream = 2 * ++streams + 1;
      for (int i = random.nextInt(3); i >= 0; i--) {
        requests.add(request(stream));
      }
      return new Watching.CreateOverHttp(stream, requests, once(2), Way.any(random));
    }
    int stream = streamForRequests();
    return new Watching.Create(stream, request(stream));
  }

  private WatchCreateRequest request(int stream) {
    Keys.Span span = once(15) ? new Keys.Span(ByteString.EMPTY, keys.span().end()) : keys.span();
    var request = WatchCreateRequest.newBuilder()
        .setKey(span.key())
        .setRangeEnd(span.end())
        .setStartRevision(once(2) ? 0 : start())
        .setPrevKv(once(2))
        .setFragment(once(4))
        .setProgressNotify(once(4));
    boolean behind = request.getStartRevision() < known.compacted();
    if (once(4)) {
      request.addFilters(once(2) ? FilterType.NOPUT : FilterType.NODELETE);
    }
    if (once(30) && !behind) {
      request.addFilters(FilterType.NOPUT).addFilters(FilterType.NODELETE);
    }
    if (once(4)) {
      long id = CHOSEN_IDS.get(random.nextInt(CHOSEN_IDS.size()));
      request.setWatchId(known.hasEnded(stream, id) ? 0 : id);
    }
    return request.build();
  }

  /** Not what {@link Justified} says is never asked for. */
  private long start() {
    long start = operations.revision();
    boolean withoutMeaning = start < 0 && known.compacted() <= 0;
    boolean cutOff = start == known.compacted() && !known.isPut(start);
    return withoutMeaning || cutOff ? 0 : start;
  }

  private Operation cancel() {
    List<Watched> open =
        known.watches().stream().filter(watch -> !watch.overHttp()).toList();
    if (open.isEmpty()) {
      return barrier();
    }
    Watched watch = open.get(random.nextInt(open.size()));
    return once(4)
        ? new Watching.Cancel(watch.stream(), 4711, false)
        : new Watching.Cancel(watch.stream(), watch.id(), true);
  }

  private Operation progress() {
    List<Integer> open = streamsForRequests();
    return open.isEmpty()
        ? barrier()
        : new Watching.AskProgress(open.get(random.nextInt(open.size())));
  }

  /** Those over gRPC: their numbers are even. */
  private List<Integer> streamsForRequests() {
    return known.streams().stream().filter(stream -> stream % 2 == 0).toList();
  }
}
