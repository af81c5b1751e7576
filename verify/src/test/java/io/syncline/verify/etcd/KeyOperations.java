package io.syncline.verify.etcd;

import com.google.protobuf.ByteString;
import io.syncline.proto.etcd.v3.CompactionRequest;
import io.syncline.proto.etcd.v3.DeleteRangeRequest;
import io.syncline.proto.etcd.v3.PutRequest;
import io.syncline.proto.etcd.v3.RangeRequest;
import io.syncline.proto.etcd.v3.RangeRequest.SortOrder;
import io.syncline.proto.etcd.v3.RangeRequest.SortTarget;
import java.util.List;
import java.util.Random;

/** Makes up ranges, puts, deletions and compactions, with all their options. */
final class KeyOperations {
  private static final List<SortTarget> TARGETS = List.of(
      SortTarget.KEY, SortTarget.VERSION, SortTarget.CREATE, SortTarget.MOD, SortTarget.VALUE);
  private static final List<SortOrder> ORDERS =
      List.of(SortOrder.NONE, SortOrder.ASCEND, SortOrder.DESCEND);
  private static final int UNKNOWN_ORDER = 7;
  private static final List<Long> LIMITS = List.of(1L, 2L, 3L, 5L, 20L, -1L, Long.MAX_VALUE);

  private final Random random;
  private final Known known;
  private final Keys keys;

  KeyOperations(Random random, Known known) {
    this.random = random;
    this.known = known;
    keys = new Keys(random);
  }

  private boolean once(int in) {
    return random.nextInt(in) == 0;
  }

  RangeRequest range() {
    Keys.Span span = keys.span();
    var range = RangeRequest.newBuilder().setKey(span.key()).setRangeEnd(span.end());
    if (once(2)) {
      range.setLimit(LIMITS.get(random.nextInt(LIMITS.size())));
    }
    if (once(3)) {
      range.setRevision(revision());
    }
    if (once(2)) {
      range.setSortOrder(ORDERS.get(random.nextInt(ORDERS.size())));
      range.setSortTarget(TARGETS.get(random.nextInt(TARGETS.size())));
    }
    range.setSerializable(once(4)).setKeysOnly(once(5)).setCountOnly(once(8));
    return once(4) ? bounded(range) : range.build();
  }

  /** What only a client of a later API would send. */
  RangeRequest rangeOfUnknownOrder() {
    return range().toBuilder().setSortOrderValue(UNKNOWN_ORDER).build();
  }

  private RangeRequest bounded(RangeRequest.Builder range) {
    if (once(2)) {
      range.setMinModRevision(revision());
    }
    if (once(2)) {
      range.setMaxModRevision(revision());
    }
    if (once(2)) {
      range.setMinCreateRevision(revision());
    }
    if (once(2)) {
      range.setMaxCreateRevision(revision());
    }
    return range.build();
  }

  /** Around what is there: of the past, the present, the future, compacted, negative. */
  long revision() {
    return new Draw<Long>()
        .add(50, this::past)
        .add(10, known::revision)
        .add(6, () -> known.revision() + 1 + random.nextInt(3))
        .add(8, known::compacted)
        .add(4, () -> known.compacted() - 1)
        .add(4, () -> known.compacted() + 1)
        .add(3, () -> -1L - random.nextInt(3))
        .add(2, () -> 1L)
        .add(2, () -> Long.MAX_VALUE)
        .add(1, () -> Long.MIN_VALUE)
        .from(random);
  }

  private long past() {
    return Math.max(1, known.revision() - random.nextInt(40));
  }

  PutRequest put() {
    return put(keys.orEmpty());
  }

  PutRequest put(ByteString key) {
    var put = PutRequest.newBuilder().setKey(key).setPrevKv(once(3));
    if (once(8)) {
      // Mostly legal, that is without a value.
      put.setIgnoreValue(true).setValue(once(4) ? value() : ByteString.EMPTY);
    } else {
      put.setValue(value());
    }
    if (once(10)) {
      put.setIgnoreLease(true).setLease(once(4) ? lease() : 0);
    } else if (once(3)) {
      put.setLease(lease());
    }
    return put.build();
  }

  /** Often one that another key has too. */
  ByteString value() {
    return new Draw<ByteString>()
        .add(10, () -> ByteString.EMPTY)
        .add(60, () -> ByteString.copyFromUtf8("value " + random.nextInt(6)))
        .add(25, () -> bytes(random.nextInt(100)))
        .add(1, () -> bytes(random.nextInt(20_000)))
        .from(random);
  }

  private ByteString bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }

  /** One that is there, or once in a while one that is not. */
  long lease() {
    List<Long> leases = known.leases();
    return leases.isEmpty() || once(8)
        ? 404 + random.nextInt(3)
        : leases.get(random.nextInt(leases.size()));
  }

  DeleteRangeRequest delete() {
    // Of all keys seldom: not much would be left to look at.
    Keys.Span span = once(3) ? keys.span() : keys.properSpan();
    return delete(once(2) ? span : new Keys.Span(span.key(), ByteString.EMPTY));
  }

  DeleteRangeRequest delete(Keys.Span span) {
    return DeleteRangeRequest.newBuilder()
        .setKey(span.key())
        .setRangeEnd(span.end())
        .setPrevKv(once(2))
        .build();
  }

  CompactionRequest compaction() {
    long revision = once(2) ? known.revision() - random.nextInt(60) : revision();
    return CompactionRequest.newBuilder()
        .setRevision(revision)
        .setPhysical(once(4))
        .build();
  }
}
