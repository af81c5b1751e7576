package io.syncline.verify.etcd;

import com.google.protobuf.ByteString;
import io.syncline.proto.etcd.v3.Compare;
import io.syncline.proto.etcd.v3.Compare.CompareResult;
import io.syncline.proto.etcd.v3.Compare.CompareTarget;
import io.syncline.proto.etcd.v3.RangeRequest;
import io.syncline.proto.etcd.v3.RequestOp;
import io.syncline.proto.etcd.v3.TxnRequest;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Makes up transactions. Those that put delete single keys and ranges with an end only: see {@link
 * Justified}.
 */
final class Transactions {
  private static final List<CompareTarget> TARGETS = List.of(
      CompareTarget.VERSION,
      CompareTarget.CREATE,
      CompareTarget.MOD,
      CompareTarget.VALUE,
      CompareTarget.LEASE);
  private static final List<CompareResult> RESULTS = List.of(
      CompareResult.EQUAL, CompareResult.GREATER, CompareResult.LESS, CompareResult.NOT_EQUAL);
  private static final int UNKNOWN = 9;
  private static final int DEEPEST = 3;

  private final Random random;
  private final Known known;
  private final Keys keys;
  private final KeyOperations operations;

  Transactions(Random random, Known known, KeyOperations operations) {
    this.random = random;
    this.known = known;
    this.operations = operations;
    keys = new Keys(random);
  }

  private boolean once(int in) {
    return random.nextInt(in) == 0;
  }

  TxnRequest any() {
    return new Draw<TxnRequest>()
        .add(40, this::withoutClashes)
        .add(25, () -> nested(1, this::properOperation))
        .add(20, () -> nested(1, this::withoutPut))
        .add(10, () -> nested(DEEPEST, this::range))
        .add(2, this::atTheLimit)
        .add(2, this::withUnknown)
        .from(random);
  }

  /** One level, of ranges with an end after their beginning. */
  TxnRequest proper() {
    return nested(DEEPEST + 1, this::properOperation);
  }

  /** Each key is put or deleted at most once in a branch, so that it is not refused. */
  private TxnRequest withoutClashes() {
    var txn = TxnRequest.newBuilder();
    addCompares(txn);
    for (int branch = 0; branch < 2; branch++) {
      int shift = random.nextInt(Keys.size());
      for (int i = random.nextInt(5); i > 0; i--) {
        ByteString key = Keys.at((shift + i) % Keys.size());
        RequestOp operation = new Draw<RequestOp>()
            .add(
                3,
                () -> RequestOp.newBuilder().setRequestPut(operations.put(key)).build())
            .add(2, () -> delete(new Keys.Span(key, ByteString.EMPTY)))
            .add(2, this::range)
            .from(random);
        var unused = branch == 0 ? txn.addSuccess(operation) : txn.addFailure(operation);
      }
    }
    return txn.build();
  }

  private TxnRequest nested(int depth, Supplier<RequestOp> leaf) {
    var txn = TxnRequest.newBuilder();
    addCompares(txn);
    for (int i = random.nextInt(4); i > 0; i--) {
      txn.addSuccess(operation(depth, leaf));
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      txn.addFailure(operation(depth, leaf));
    }
    return txn.build();
  }

  private RequestOp operation(int depth, Supplier<RequestOp> leaf) {
    if (depth <= DEEPEST && once(3)) {
      return RequestOp.newBuilder().setRequestTxn(nested(depth + 1, leaf)).build();
    }
    return once(100) ? RequestOp.getDefaultInstance() : leaf.get();
  }

  /** Enums that only a client of a later API would send, where nothing is written. */
  private TxnRequest withUnknown() {
    var txn = nested(DEEPEST, this::range).toBuilder();
    var compare = compare().toBuilder();
    switch (random.nextInt(3)) {
      case 0 -> txn.addCompare(compare.setTargetValue(UNKNOWN));
      case 1 -> txn.addCompare(compare.setResultValue(UNKNOWN));
      default ->
        txn.addSuccess(RequestOp.newBuilder()
            .setRequestRange(operations.rangeOfUnknownOrder())
            .build());
    }
    return txn.build();
  }

  private RequestOp properOperation() {
    return new Draw<RequestOp>()
        .add(4, () -> RequestOp.newBuilder().setRequestPut(operations.put()).build())
        .add(2, () -> delete(keys.properSpan()))
        .add(3, this::range)
        .from(random);
  }

  private RequestOp withoutPut() {
    return once(2)
        ? RequestOp.newBuilder().setRequestDeleteRange(operations.delete()).build()
        : range();
  }

  private RequestOp range() {
    RangeRequest range = operations.range();
    return RequestOp.newBuilder()
        .setRequestRange(range.toBuilder().setRevision(Math.max(0, range.getRevision())))
        .build();
  }

  private RequestOp delete(Keys.Span span) {
    return RequestOp.newBuilder().setRequestDeleteRange(operations.delete(span)).build();
  }

  /** 127, 128 or 129 operations: of the compares, of a branch, or of both levels of a nested one. */
  private TxnRequest atTheLimit() {
    int count = 127 + random.nextInt(3);
    var txn = TxnRequest.newBuilder();
    switch (random.nextInt(4)) {
      case 0 -> repeat(count, () -> txn.addCompare(compare()));
      case 1 -> repeat(count, () -> txn.addSuccess(range()));
      case 2 -> repeat(count, () -> txn.addFailure(delete(keys.properSpan())));
      default -> {
        var inner = TxnRequest.newBuilder();
        repeat(64, () -> inner.addSuccess(range()));
        repeat(count - 64 - 1, () -> txn.addSuccess(range()));
        txn.addSuccess(RequestOp.newBuilder().setRequestTxn(inner));
      }
    }
    return txn.build();
  }

  private static void repeat(int times, Supplier<?> add) {
    for (int i = 0; i < times; i++) {
      var unused = add.get();
    }
  }

  private void addCompares(TxnRequest.Builder txn) {
    for (int i = random.nextInt(3); i > 0; i--) {
      txn.addCompare(compare());
    }
  }

  private Compare compare() {
    var compare = Compare.newBuilder()
        .setKey(keys.orEmpty())
        .setResult(RESULTS.get(random.nextInt(RESULTS.size())))
        .setTarget(TARGETS.get(random.nextInt(TARGETS.size())));
    if (once(5)) {
      Keys.Span span = keys.span();
      compare.setKey(span.key()).setRangeEnd(span.end());
    }
    if (!once(30)) {
      // Once in a while to something else than what is compared.
      CompareTarget to = once(25) ? TARGETS.get(random.nextInt(5)) : compare.getTarget();
      setOperand(compare, to);
    }
    return compare.build();
  }

  private void setOperand(Compare.Builder compare, CompareTarget to) {
    switch (to) {
      case VERSION -> compare.setVersion(random.nextInt(4) - (once(20) ? 2 : 0));
      case CREATE -> compare.setCreateRevision(once(3) ? 0 : operations.revision());
      case MOD -> compare.setModRevision(once(3) ? 0 : operations.revision());
      case VALUE -> compare.setValue(operations.value());
      case LEASE -> compare.setLease(once(2) ? 0 : lease());
      case UNRECOGNIZED -> throw new IllegalArgumentException("no target");
    }
  }

  private long lease() {
    return known.leases().isEmpty() ? 1 : operations.lease();
  }
}
