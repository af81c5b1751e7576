package io.syncline.server.apply;

import io.syncline.model.Command.Content;
import io.syncline.model.ConfigVersion;
import io.syncline.model.EtcdError;
import io.syncline.model.Key;
import io.syncline.model.KeyRange;
import io.syncline.model.NamespaceRecord;
import io.syncline.model.RangeQuery;
import io.syncline.model.RangeResult;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Revision;
import io.syncline.model.Txn;
import io.syncline.model.Txn.Compare;
import io.syncline.model.Txn.Operation;
import io.syncline.model.TxnResult;
import io.syncline.model.TxnResult.Step;
import io.syncline.model.Version;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One run of a transaction of the keyspace, by etcd's rules: first all comparisons choose their
 * branches, then what the chosen operations need is looked for, then they run, each on what the ones
 * before it have made. Used once.
 */
final class TxnExecution {
  /** The most keys one transaction may delete: it is one revision, and one store batch. */
  static final int MAX_DELETES = 100_000;

  private final StateView state;
  private final NamespaceRecord namespace;
  private final Decider decider;
  private final Txn txn;
  private final Revision before;
  private final List<ConfigVersion> changes = new ArrayList<>();
  /** The newest of each key among the changes. */
  private final TreeMap<Key, ConfigVersion> made = new TreeMap<>();

  TxnExecution(StateView state, NamespaceRecord namespace, Decider decider, Txn txn) {
    this.txn = txn;
    this.state = state;
    this.namespace = namespace;
    this.decider = decider;
    this.before = state.revision();
  }

  /** A transaction whose branches are chosen, its nested ones in order. */
  private record Chosen(boolean succeeded, List<Operation> operations, List<Chosen> nested) {}

  /**
   * @throws RejectedException if an operation of a branch that would run is impossible
   */
  Decision execute() {
    Chosen chosen = choose(txn);
    requirePossible(chosen);
    List<Step> steps = run(chosen);
    return new Decision.Transacted(
        namespace, changes, new TxnResult(chosen.succeeded(), reached(), steps));
  }

  private Revision reached() {
    return changes.isEmpty() ? before : before.next();
  }

  private Chosen choose(Txn txn) {
    boolean succeeded = txn.compares().stream().allMatch(this::holds);
    List<Operation> operations = succeeded ? txn.success() : txn.failure();
    var nested = new ArrayList<Chosen>();
    for (Operation operation : operations) {
      if (operation instanceof Operation.Nested inner) {
        nested.add(choose(inner.txn()));
      }
    }
    return new Chosen(succeeded, operations, nested);
  }

  private boolean holds(Compare compare) {
    Optional<Key> single = compare.keys().singleKey();
    if (single.isPresent()) {
      return compare.holds(live(single.get()));
    }
    var any = new boolean[] {false};
    var all = new boolean[] {true};
    eachLive(compare.keys(), version -> {
      any[0] = true;
      all[0] = compare.holds(version);
      return all[0];
    });
    return any[0] ? all[0] : compare.holds(null);
  }

  /** First all that is put, then all that is read, as etcd looks at them. */
  private void requirePossible(Chosen chosen) {
    each(chosen, operation -> {
      if (operation instanceof Operation.Put put) {
        requirePossible(put);
      }
    });
    each(chosen, operation -> {
      if (operation instanceof Operation.Get get) {
        requireReadable(get.query().at());
      }
    });
  }

  private static void each(Chosen chosen, Consumer<Operation> looking) {
    Iterator<Chosen> nested = chosen.nested().iterator();
    for (Operation operation : chosen.operations()) {
      if (operation instanceof Operation.Nested) {
        each(nested.next(), looking);
      } else {
        looking.accept(operation);
      }
    }
  }

  private void requirePossible(Operation.Put put) {
    boolean keyMissing = put.needsPrevious() && live(put.key()) == null;
    boolean leaseMissing = put.lease() != 0 && state.lease(put.lease()) == null;
    // which of two errors etcd tells depends on how the put came
    if (leaseMissing && (txn.plain() || !keyMissing)) {
      throw EtcdError.LEASE_NOT_FOUND.exception();
    }
    if (keyMissing) {
      throw EtcdError.KEY_NOT_FOUND.exception();
    }
  }

  private void requireReadable(Revision at) {
    if (at.isAfter(before)) {
      throw EtcdError.FUTURE_REVISION.exception();
    }
    if (!at.equals(Revision.ZERO) && at.isBefore(namespace.horizon())) {
      throw EtcdError.COMPACTED.exception();
    }
  }

  private List<Step> run(Chosen chosen) {
    var steps = new ArrayList<Step>();
    Iterator<Chosen> nested = chosen.nested().iterator();
    for (Operation operation : chosen.operations()) {
      if (operation instanceof Operation.Nested) {
        Chosen inner = nested.next();
        List<Step> innerSteps = run(inner);
        steps.add(new Step.Nested(new TxnResult(inner.succeeded(), Revision.ZERO, innerSteps)));
      } else if (operation instanceof Operation.Put put) {
        steps.add(put(put));
      } else if (operation instanceof Operation.Delete delete) {
        steps.add(delete(delete));
      } else if (operation instanceof Operation.Get get) {
        steps.add(new Step.Got(get(get.query())));
      }
    }
    return steps;
  }

  private Step put(Operation.Put put) {
    ConfigVersion head = head(put.key());
    ConfigVersion previous = head != null && head.live() ? head : null;
    if (put.needsPrevious() && previous == null) {
      // an operation before it in this very transaction has deleted the key
      throw EtcdError.KEY_NOT_FOUND.exception();
    }
    Content content = put.content();
    if (content == null && previous != null) {
      content = new Content(previous.content(), previous.contentType(), previous.checksum());
    }
    long lease = put.keepLease() && previous != null ? previous.lease() : put.lease();
    if (content == null) {
      throw new IllegalStateException("a put without content, of a key that is not there");
    }
    add(decider.successor(namespace, put.key(), head, content, null, null).withLease(lease));
    return new Step.Put(before.next(), put.wantPrevious() ? previous : null);
  }

  private Step delete(Operation.Delete delete) {
    var doomed = new ArrayList<ConfigVersion>();
    eachLive(delete.keys(), version -> {
      doomed.add(version);
      return doomed.size() + changes.size() <= MAX_DELETES;
    });
    if (doomed.size() + changes.size() > MAX_DELETES) {
      throw new RejectedException(Rejection.tooMany(
          "keys to delete in one transaction", doomed.size() + changes.size(), MAX_DELETES));
    }
    doomed.forEach(version -> add(decider.tombstone(namespace, version, null)));
    return new Step.Deleted(reached(), doomed.size(), delete.wantPrevious() ? doomed : List.of());
  }

  private void add(ConfigVersion version) {
    changes.add(version);
    made.put(version.key(), version);
  }

  private RangeResult get(RangeQuery query) {
    Revision at = query.isOfThePast() ? query.at() : reached();
    return query.select(
        reached(),
        shown -> eachHead(query.keys(), head -> {
          ConfigVersion version = query.isOfThePast() ? at(head, at) : head;
          if (version != null && version.live()) {
            shown.accept(version);
          }
          return true;
        }));
  }

  /** The version of a key that was newest at a readable revision; null if there was none yet. */
  private @Nullable ConfigVersion at(ConfigVersion head, Revision at) {
    ConfigVersion version = head;
    while (version.revision().isAfter(at)) {
      Version older = version.version().previous();
      if (!older.exists()) {
        return null;
      }
      version = versionOf(head.key(), older);
      if (version == null) {
        throw EtcdError.COMPACTED.exception();
      }
    }
    return version;
  }

  private @Nullable ConfigVersion versionOf(Key key, Version wanted) {
    for (ConfigVersion change : changes) {
      if (change.key().equals(key) && change.version().equals(wanted)) {
        return change;
      }
    }
    return state.version(namespace, key, wanted);
  }

  private @Nullable ConfigVersion head(Key key) {
    ConfigVersion staged = made.get(key);
    return staged != null ? staged : state.head(namespace, key);
  }

  private @Nullable ConfigVersion live(Key key) {
    ConfigVersion head = head(key);
    return head != null && head.live() ? head : null;
  }

  private void eachLive(KeyRange keys, Predicate<ConfigVersion> shown) {
    eachHead(keys, head -> head.tombstone() || shown.test(head));
  }

  private void eachHead(KeyRange keys, Predicate<ConfigVersion> shown) {
    Optional<Key> single = keys.singleKey();
    if (single.isPresent()) {
      ConfigVersion head = head(single.get());
      if (head != null) {
        var unused = shown.test(head);
      }
      return;
    }
    var staged = new TreeMap<Key, ConfigVersion>();
    made.forEach((key, version) -> {
      if (keys.contains(key)) {
        staged.put(key, version);
      }
    });
    var merging = new Merging(staged.values(), shown);
    state.eachHead(namespace, keys, merging);
    merging.finish();
  }
}
