package io.syncline.verify;

import io.syncline.verify.ChangeLog.Change;
import io.syncline.verify.Operation.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a history of reads and writes is linearizable, exactly.
 *
 * <p>In general that is a search; here the log tells the order of all writes, and each read states the
 * revision it was served at. With those as the order, the history is linearizable over all keys
 * together if and only if
 *
 * <ol>
 *   <li>the log has each acknowledged write at its revision, and has no write but those made,
 *   <li>each read returned the newest write of its key at or before its revision,
 *   <li>what ended before something else began has the lower revision; the same one is allowed only if
 *       the later one is a read.
 * </ol>
 */
final class LinearizabilityCheck {
  private final List<Change> log;
  private final Map<String, Change> byContent = new HashMap<>();
  private final List<String> violations = new ArrayList<>();

  private LinearizabilityCheck(List<Change> log) {
    this.log = log;
    log.forEach(change -> byContent.put(change.content(), change));
  }

  /**
   * @param log all changes, from revision 1 on; each content occurs once
   * @param operations in any order, with all writes whose changes are in the log
   * @return what is wrong, one sentence each
   */
  static List<String> violations(List<Change> log, List<Operation> operations) {
    var check = new LinearizabilityCheck(log);
    List<Operation> placed = check.placed(operations);
    check.everyChangeWasWritten(operations);
    check.readsReturnWhatTheLogHas(placed);
    check.realTimeIsKept(placed);
    return check.violations;
  }

  /** The operations that took effect, each with its revision. */
  private List<Operation> placed(List<Operation> operations) {
    var placed = new ArrayList<Operation>();
    for (Operation operation : operations) {
      if (operation.kind() == Kind.READ) {
        placed.add(operation);
      } else {
        placeOf(operation).ifPresent(placed::add);
      }
    }
    return placed;
  }

  private Optional<Operation> placeOf(Operation write) {
    Change change = byContent.get(write.content());
    boolean acknowledged = write.revision() != Operation.UNKNOWN;
    if (change == null) {
      if (acknowledged) {
        violations.add("lost, though acknowledged: " + write);
      }
      return Optional.empty();
    }
    if (!change.key().equals(write.key())
        || (acknowledged && change.revision() != write.revision())) {
      violations.add("acknowledged otherwise than committed: " + write + ", " + change);
    }
    return Optional.of(write.at(change.revision()));
  }

  private void everyChangeWasWritten(List<Operation> operations) {
    Set<String> written = new HashSet<>();
    operations.stream()
        .filter(operation -> operation.kind() == Kind.WRITE)
        .forEach(write -> written.add(write.content()));
    log.stream()
        .filter(change -> !written.contains(change.content()))
        .forEach(change -> violations.add("nobody's write: " + change));
  }

  private void readsReturnWhatTheLogHas(List<Operation> placed) {
    List<Operation> reads = placed.stream()
        .filter(operation -> operation.kind() == Kind.READ)
        .sorted(Comparator.comparingLong(Operation::revision))
        .toList();
    Map<String, String> state = new HashMap<>();
    int applied = 0;
    for (Operation read : reads) {
      while (applied < log.size() && log.get(applied).revision() <= read.revision()) {
        state.put(log.get(applied).key(), log.get(applied).content());
        applied++;
      }
      if (!read.content().equals(state.get(read.key()))) {
        violations.add("not what the log has: " + read + ", which has " + state.get(read.key()));
      }
    }
  }

  private void realTimeIsKept(List<Operation> placed) {
    List<Operation> byBegin =
        placed.stream().sorted(Comparator.comparingLong(Operation::beganNanos)).toList();
    List<Operation> byEnd =
        placed.stream().sorted(Comparator.comparingLong(Operation::endedNanos)).toList();
    Operation newest = null;
    int ended = 0;
    for (Operation operation : byBegin) {
      while (byEnd.get(ended).endedNanos() < operation.beganNanos()) {
        Operation before = byEnd.get(ended);
        if (newest == null || before.revision() > newest.revision()) {
          newest = before;
        }
        ended++;
      }
      if (newest != null && !follows(operation, newest)) {
        violations.add("too old: " + operation + ", though before it ended " + newest);
      }
    }
  }

  private static boolean follows(Operation later, Operation earlier) {
    return later.kind() == Kind.READ
        ? later.revision() >= earlier.revision()
        : later.revision() > earlier.revision();
  }
}
