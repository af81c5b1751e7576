package io.syncline.bench.compare;

import io.syncline.bench.load.Workload;
import io.syncline.bench.store.Dataset;
import io.syncline.bench.store.EtcdTarget;
import io.syncline.bench.store.Target;
import io.syncline.bench.store.Workloads;
import java.util.List;

/**
 * One thing that is compared.
 *
 * @param bar the least ratio of Syncline's rate to etcd's; 0: none
 */
record Cell(Kind kind, int inFlight, double bar) {
  /** Each by its own API. */
  static final List<Cell> OWN_APIS = List.of(
      new Cell(Kind.PUT, 1, 0.35),
      new Cell(Kind.PUT, 16, 0.6),
      new Cell(Kind.PUT, 64, 1.2),
      new Cell(Kind.PUT, 256, 1.4),
      new Cell(Kind.GET, 64, 3));

  /** Both by etcd's API. */
  static final List<Cell> ETCD_API = List.of(
      new Cell(Kind.PUT, 1, 0),
      new Cell(Kind.PUT, 16, 0),
      new Cell(Kind.PUT, 64, 0),
      new Cell(Kind.PUT, 256, 0),
      new Cell(Kind.GET, 64, 0),
      new Cell(Kind.TXN, 64, 0));

  enum Kind {
    PUT("put") {
      @Override
      Workload workload(Target target, Dataset data) {
        return Workloads.put(target, data);
      }
    },
    /** Linearizable. */
    GET("get") {
      @Override
      Workload workload(Target target, Dataset data) {
        return Workloads.get(target, data);
      }
    },
    /** Compares a version, writes and reads in one transaction; only etcd's API has it. */
    TXN("txn") {
      @Override
      Workload workload(Target target, Dataset data) {
        if (target instanceof EtcdTarget etcd) {
          return Workloads.replace(etcd, data);
        }
        throw new IllegalArgumentException(target.name() + " (expected: a target of etcd's API)");
      }
    };

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    abstract Workload workload(Target target, Dataset data);
  }

  String name() {
    return kind.text;
  }

  @Override
  public String toString() {
    return name() + " at " + inFlight;
  }
}
