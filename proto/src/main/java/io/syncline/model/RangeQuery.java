package io.syncline.model;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/**
 * Keys of a range, filtered, sorted and cut as clients of etcd ask for it.
 *
 * @param limit the most keys; 0 or less: all
 * @param at zero: now
 * @param order {@link Order#NONE} of another target than the key means ascending
 * @param keysOnly without values
 * @param countOnly nothing but the count
 * @param minMod and the other bounds: inclusive; 0: none
 */
public record RangeQuery(
    KeyRange keys,
    long limit,
    Revision at,
    Order order,
    Target target,
    boolean keysOnly,
    boolean countOnly,
    long minMod,
    long maxMod,
    long minCreate,
    long maxCreate) {
  private static final Comparator<ByteString> BYTEWISE =
      ByteString.unsignedLexicographicalComparator();

  /** Numbers are logged. */
  public enum Order {
    NONE(0),
    ASCEND(1),
    DESCEND(2);

    private final int number;

    Order(int number) {
      this.number = number;
    }

    public int number() {
      return number;
    }

    /**
     * @throws IllegalArgumentException if none has the number
     */
    public static Order ofNumber(int number) {
      for (Order order : values()) {
        if (order.number == number) {
          return order;
        }
      }
      throw new IllegalArgumentException("sort order: " + number + " (expected: 0 to 2)");
    }
  }

  /** What is sorted by. Numbers are logged. */
  public enum Target {
    KEY(0),
    VERSION(1),
    CREATE(2),
    MOD(3),
    VALUE(4);

    private final int number;

    Target(int number) {
      this.number = number;
    }

    public int number() {
      return number;
    }

    private Comparator<ConfigVersion> comparator() {
      return switch (this) {
        case KEY -> Comparator.comparing(version -> version.key().bytes(), BYTEWISE);
        case VERSION -> Comparator.comparingLong(ConfigVersion::lifeVersion);
        case CREATE -> Comparator.comparing(ConfigVersion::bornRevision);
        case MOD -> Comparator.comparing(ConfigVersion::revision);
        case VALUE -> Comparator.comparing(ConfigVersion::content, BYTEWISE);
      };
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
      throw new IllegalArgumentException("sort target: " + number + " (expected: 0 to 4)");
    }
  }

  /** All of one key, now. */
  public static RangeQuery of(KeyRange keys) {
    return new RangeQuery(keys, 0, Revision.ZERO, Order.NONE, Target.KEY, false, false, 0, 0, 0, 0);
  }

  /** Whether it asks for a state of the past. */
  public boolean isOfThePast() {
    return !at.equals(Revision.ZERO);
  }

  /**
   * Answers out of the live versions of the range.
   *
   * @param revision of the state
   * @param live shows them, in order of their keys
   */
  public RangeResult select(Revision revision, Consumer<Consumer<ConfigVersion>> live) {
    var selection = new Selection();
    live.accept(selection);
    return selection.result(revision);
  }

  private boolean passes(ConfigVersion version) {
    long mod = version.revision().value();
    long create = version.bornRevision().value();
    return (maxMod == 0 || mod <= maxMod)
        && (minMod == 0 || mod >= minMod)
        && (maxCreate == 0 || create <= maxCreate)
        && (minCreate == 0 || create >= minCreate);
  }

  private boolean inKeyOrder() {
    return order == Order.NONE && target == Target.KEY;
  }

  /**
   * How many versions have to be looked at, from the first on: one more than asked for, unless those asked
   * for are only known at the end. Where no order is asked for, etcd cuts before it sorts.
   */
  private long needed() {
    boolean bounded = maxMod != 0 || minMod != 0 || maxCreate != 0 || minCreate != 0;
    boolean cutFirst = limit > 0 && limit < Long.MAX_VALUE && order == Order.NONE && !bounded;
    return cutFirst ? limit + 1 : Long.MAX_VALUE;
  }

  private final class Selection implements Consumer<ConfigVersion> {
    private final List<ConfigVersion> taken = new ArrayList<>();
    private final long needed = needed();
    private long count;

    @Override
    public void accept(ConfigVersion version) {
      count++;
      if (!countOnly && taken.size() < needed && passes(version)) {
        taken.add(keysOnly && target != Target.VALUE ? version.withoutContent() : version);
      }
    }

    RangeResult result(Revision revision) {
      List<ConfigVersion> sorted = taken;
      if (!inKeyOrder()) {
        Comparator<ConfigVersion> comparator = target.comparator();
        sorted.sort(order == Order.DESCEND ? comparator.reversed() : comparator);
      }
      boolean more = limit > 0 && sorted.size() > limit;
      if (more) {
        sorted = sorted.subList(0, Math.toIntExact(limit));
      }
      if (keysOnly) {
        sorted = sorted.stream().map(ConfigVersion::withoutContent).toList();
      }
      return new RangeResult(revision, sorted, more, count);
    }
  }
}
