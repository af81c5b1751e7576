package io.syncline.server.etcd;

import io.syncline.model.KeyRange;
import io.syncline.model.RangeQuery;
import io.syncline.model.RejectedException;
import io.syncline.model.Txn;
import io.syncline.model.Txn.Operation;

/** Whether a caller may do what it asks for. Refusals are {@link RejectedException}. Any thread. */
class Access {

  void requireRead(Caller caller, KeyRange keys) {}

  void requireWrite(Caller caller, KeyRange keys) {}

  /** For what only the administrators may do. */
  void requireAdministrator(Caller caller) {}

  void requireRead(Caller caller, RangeQuery query) {
    requireRead(caller, query.keys());
  }

  /** All that it may come to, whatever branch runs. */
  void require(Caller caller, Txn txn) {
    txn.compares().forEach(compare -> requireRead(caller, compare.keys()));
    txn.success().forEach(operation -> require(caller, operation));
    txn.failure().forEach(operation -> require(caller, operation));
  }

  void require(Caller caller, Operation operation) {
    if (operation instanceof Operation.Get get) {
      requireRead(caller, get.query());
    } else if (operation instanceof Operation.Put put) {
      KeyRange key = KeyRange.single(put.key());
      requireWrite(caller, key);
      if (put.wantPrevious()) {
        requireRead(caller, key);
      }
    } else if (operation instanceof Operation.Delete delete) {
      requireWrite(caller, delete.keys());
      if (delete.wantPrevious()) {
        requireRead(caller, delete.keys());
      }
    } else if (operation instanceof Operation.Nested nested) {
      require(caller, nested.txn());
    }
  }
}
