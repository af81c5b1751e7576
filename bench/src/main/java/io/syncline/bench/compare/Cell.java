package io.syncline.bench.compare;

import io.syncline.bench.load.Workload;
import io.syncline.bench.store.Dataset;
import io.syncline.bench.store.Target;
import io.syncline.bench.store.Workloads;
import java.util.List;

/**
 * One thing that is compared.
 *
 * @param bar the least ratio of Syncline's rate to etcd's
 */
record Cell(Kind kind, int inFlight, double bar) {
  static final List<Cell> ALL = List.of(
      new Cell(Kind.PUT, 1, 0.35),
      new Cell(Kind.PUT, 16, 0.6),
      new Cell(Kind.PUT, 64, 1.2),
      new Cell(Kind.PUT, 256, 1.4),
      new Cell(Kind.GET, 64, 3));

  enum Kind {
    PUT {
      @Override
      Workload workload(Target target, Dataset data) {
        return Workloads.put(target, data);
      }
    },
    /** Linearizable. */
    GET {
      @Override
      Workload workload(Target target, Dataset data) {
        return Workloads.get(target, data);
      }
    };

    abstract Workload workload(Target target, Dataset data);
  }

  String name() {
    return kind == Kind.PUT ? "put" : "get";
  }

  @Override
  public String toString() {
    return name() + " at " + inFlight;
  }
}
