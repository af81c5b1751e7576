package io.syncline.model;

import com.google.protobuf.ByteString;
import io.syncline.model.Command.Content;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A transaction as clients of etcd state it: comparisons decide which branch runs; the branch runs
 * whole, at one revision. All comparisons, also those of transactions within, look at the state before.
 *
 * @param plain whether the client asked for its one operation only; decides which of two errors is told
 */
public record Txn(
    List<Compare> compares, List<Operation> success, List<Operation> failure, boolean plain) {
  public Txn {
    compares = List.copyOf(compares);
    success = List.copyOf(success);
    failure = List.copyOf(failure);
  }

  public Txn(List<Compare> compares, List<Operation> success, List<Operation> failure) {
    this(compares, success, failure, false);
  }

  /** One operation, whatever is. */
  public static Txn of(Operation operation) {
    return new Txn(List.of(), List.of(operation), List.of(), true);
  }

  /** What of a key is compared. Numbers are logged. */
  public enum Target {
    VERSION(0),
    CREATE(1),
    MOD(2),
    VALUE(3),
    LEASE(4);

    private final int number;

    Target(int number) {
      this.number = number;
    }

    public int number() {
      return number;
    }

    /**
     * @throws IllegalArgumentException if none has the number
     */
    public static Target ofNumber(int number) {
      for (Target target : values()) {
        if (target.number == number) {
          return target;
        }
      }
      throw new IllegalArgumentException("compare target: " + number + " (expected: 0 to 4)");
    }
  }

  /** How it is to stand to what it is compared with. Numbers are logged. */
  public enum Relation {
    EQUAL(0),
    GREATER(1),
    LESS(2),
    NOT_EQUAL(3);

    private final int number;

    Relation(int number) {
      this.number = number;
    }

    public int number() {
      return number;
    }

    boolean holds(int order) {
      return switch (this) {
        case EQUAL -> order == 0;
        case GREATER -> order > 0;
        case LESS -> order < 0;
        case NOT_EQUAL -> order != 0;
      };
    }

    /**
     * @throws IllegalArgumentException if none has the number
     */
    public static Relation ofNumber(int number) {
      for (Relation relation : values()) {
        if (relation.number == number) {
          return relation;
        }
      }
      throw new IllegalArgumentException("compare result: " + number + " (expected: 0 to 3)");
    }
  }

  /**
   * Must hold for every key of the range. Of a range without keys, a value never does; everything else
   * is compared as zero.
   *
   * @param number for all targets but the value
   * @param value for the target value
   */
  public record Compare(
      KeyRange keys, Target target, Relation relation, long number, ByteString value) {
    private static final Comparator<ByteString> BYTEWISE =
        ByteString.unsignedLexicographicalComparator();

    /**
     * @param live null: there is no key in the range
     */
    public boolean holds(@Nullable ConfigVersion live) {
      if (target == Target.VALUE) {
        return live != null && relation.holds(BYTEWISE.compare(live.content(), value));
      }
      return relation.holds(Long.compare(live == null ? 0 : numberOf(live), number));
    }

    private long numberOf(ConfigVersion live) {
      return switch (target) {
        case VERSION -> live.lifeVersion();
        case CREATE -> live.bornRevision().value();
        case MOD -> live.revision().value();
        case LEASE -> live.lease();
        case VALUE -> throw new IllegalStateException("a value is no number");
      };
    }
  }

  /** One step of a branch. */
  public sealed interface Operation {

    record Get(RangeQuery query) implements Operation {}

    /**
     * @param content null: the value that is there, of a key that must be
     * @param keepLease the lease that is there, of a key that must be
     * @param lease 0: none
     * @param wantPrevious whether the result tells what was there
     */
    record Put(
        Key key, @Nullable Content content, long lease, boolean keepLease, boolean wantPrevious)
        implements Operation {
      /** Whether it says nothing of a key that is not there. */
      public boolean needsPrevious() {
        return content == null || keepLease;
      }
    }

    /**
     * @param wantPrevious whether the result tells what was there
     */
    record Delete(KeyRange keys, boolean wantPrevious) implements Operation {}

    record Nested(Txn txn) implements Operation {}
  }
}
