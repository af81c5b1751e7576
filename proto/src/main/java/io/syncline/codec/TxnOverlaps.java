package io.syncline.codec;

import com.google.protobuf.ByteString;
import io.syncline.model.EtcdError;
import io.syncline.model.KeyRange;
import io.syncline.model.RejectedException;
import io.syncline.proto.etcd.v3.RequestOp;
import io.syncline.proto.etcd.v3.TxnRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What etcd refuses of a transaction: that a branch puts a key twice, or puts a key that it deletes. Keys
 * of different branches do not meet.
 */
final class TxnOverlaps {
  private final Set<ByteString> puts = new HashSet<>();
  private final List<KeyRange> deletes = new ArrayList<>();

  private TxnOverlaps() {}

  /**
   * @throws RejectedException if operations overlap
   */
  static void require(TxnRequest txn) {
    var unusedThen = of(txn.getSuccessList());
    var unusedElse = of(txn.getFailureList());
  }

  private static TxnOverlaps of(List<RequestOp> branch) {
    var all = new TxnOverlaps();
    for (RequestOp operation : branch) {
      if (operation.hasRequestDeleteRange()) {
        var delete = operation.getRequestDeleteRange();
        all.deletes.add(EtcdCodec.range(delete.getKey(), delete.getRangeEnd()));
      }
    }
    for (RequestOp operation : branch) {
      if (operation.hasRequestTxn()) {
        all.addNested(operation.getRequestTxn());
      }
    }
    for (RequestOp operation : branch) {
      if (operation.hasRequestPut()) {
        all.addPut(operation.getRequestPut().getKey());
      }
    }
    return all;
  }

  /** Only one of its branches runs: what both put is put once. */
  private void addNested(TxnRequest txn) {
    TxnOverlaps success = of(txn.getSuccessList());
    TxnOverlaps failure = of(txn.getFailureList());
    success.puts.forEach(this::addPut);
    failure.puts.stream().filter(key -> !success.puts.contains(key)).forEach(this::addPut);
    deletes.addAll(success.deletes);
    deletes.addAll(failure.deletes);
  }

  private void addPut(ByteString key) {
    if (!puts.add(key) || deletes.stream().anyMatch(range -> range.contains(key))) {
      throw EtcdError.DUPLICATE_KEY.exception();
    }
  }
}
