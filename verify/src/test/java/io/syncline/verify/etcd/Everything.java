package io.syncline.verify.etcd;

import io.syncline.proto.etcd.v3.AlarmRequest;
import io.syncline.proto.etcd.v3.DefragmentRequest;
import io.syncline.proto.etcd.v3.HashKVRequest;
import io.syncline.proto.etcd.v3.MemberListRequest;
import io.syncline.proto.etcd.v3.RangeRequest;
import io.syncline.proto.etcd.v3.StatusRequest;
import io.syncline.verify.etcd.Operation.Call;
import io.syncline.verify.etcd.Operation.Odd;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Makes up operations of all kinds, but those on users and roles. */
final class Everything implements Generator {
  private static final int MOST_WITHOUT_BARRIER = 60;

  private final Random random;
  private final Known known = new Known();
  private final KeyOperations operations;
  private final Transactions transactions;
  private final Leases leases;
  private final Watches watches;
  private final Deque<Supplier<Operation>> planned = new ArrayDeque<>();
  private int sinceBarrier;

  Everything(long seed) {
    random = new Random(seed);
    operations = new KeyOperations(random, known);
    transactions = new Transactions(random, known, operations);
    leases = new Leases(random, operations);
    watches = new Watches(random, known, operations);
  }

  @Override
  public Operation next() {
    if (planned.isEmpty()) {
      planned.addAll(plan());
    }
    Operation next = planned.remove().get();
    sinceBarrier = next instanceof Watching.Barrier ? 0 : sinceBarrier + 1;
    return next;
  }

  private List<Supplier<Operation>> plan() {
    if (sinceBarrier >= MOST_WITHOUT_BARRIER) {
      return List.of(watches::barrier);
    }
    Way way = Way.any(random);
    return new Draw<List<Supplier<Operation>>>()
        .add(26, () -> List.of(() -> new Call(Method.RANGE, range(), way)))
        .add(24, () -> List.of(() -> new Call(Method.PUT, operations.put(), way)))
        .add(8, () -> List.of(() -> new Call(Method.DELETE_RANGE, operations.delete(), way)))
        .add(24, () -> List.of(() -> new Call(Method.TXN, transactions.any(), way)))
        .add(8, () -> List.of(leases::any))
        .add(9, watches::any)
        .add(1, () -> List.of(watches::barrier, () -> compaction(way)))
        .add(2, () -> List.of(() -> maintenance(way)))
        .add(1, () -> List.of(this::odd))
        .from(random);
  }

  private RangeRequest range() {
    return random.nextInt(60) == 0 ? operations.rangeOfUnknownOrder() : operations.range();
  }

  private Operation compaction(Way way) {
    return new Call(Method.COMPACT, operations.compaction(), way);
  }

  private Operation maintenance(Way way) {
    return new Draw<Operation>()
        .add(4, () -> new Call(Method.ALARM, AlarmRequest.getDefaultInstance(), way))
        .add(4, () -> new Call(Method.STATUS, StatusRequest.getDefaultInstance(), way))
        .add(4, () -> new Call(Method.MEMBERS, MemberListRequest.getDefaultInstance(), way))
        .add(6, () -> new Call(Method.HASH_KV, hash(), way))
        .add(1, () -> new Call(Method.DEFRAGMENT, DefragmentRequest.getDefaultInstance(), way))
        .from(random);
  }

  private HashKVRequest hash() {
    return HashKVRequest.newBuilder().setRevision(operations.revision()).build();
  }

  private Operation odd() {
    List<Odd> all = List.of(
        new Odd("GET", "/v3/kv/range", "", true),
        new Odd("PUT", "/v3/kv/range", "{}", true),
        new Odd("POST", "/v3/kv/nothing", "{}", true),
        new Odd("POST", "/v3/kv/range/", "{}", true),
        new Odd("POST", "/v3alpha/kv/range", "{}", true),
        new Odd("POST", "/v3/kv/range", "{}", true),
        new Odd("GET", "/health", "", true),
        new Odd("GET", "/version", "", false),
        new Odd("POST", "/v3/kv/range", "", false),
        new Odd("POST", "/v3/kv/range", "{", false),
        new Odd("POST", "/v3/kv/range", "[]", false),
        new Odd("POST", "/v3/kv/range", "{\"key\":5}", false),
        new Odd("POST", "/v3/kv/range", "{\"key\":\"!\"}", false),
        new Odd("POST", "/v3/kv/range", "{\"key\":\"YQ==\",\"limit\":\"x\"}", false),
        new Odd("POST", "/v3/kv/range", "{\"key\":\"YQ==\",\"nothing\":1}", false),
        new Odd("POST", "/v3/kv/range", "{\"key\":\"YQ==\",\"sort_order\":\"UP\"}", false),
        new Odd("POST", "/v3/kv/range", "{\"key\":\"YQ==\",\"limit\":null}", true),
        new Odd("POST", "/v3/kv/range", "{\"key\":null}", true));
    return all.get(random.nextInt(all.size()));
  }

  @Override
  public void learn(Operation operation, Answer answer) {
    known.learn(operation, answer);
  }

  @Override
  public Operation last() {
    return watches.barrier();
  }
}
