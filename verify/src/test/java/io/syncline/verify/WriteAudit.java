package io.syncline.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.verify.ChangeLog.Change;
import io.syncline.verify.Writers.Fate;
import io.syncline.verify.Writers.Write;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Holds the whole log of changes against what the writers were told. */
final class WriteAudit {
  private final List<Change> log;
  private final Map<String, Change> byContent = new HashMap<>();

  /**
   * @param log all changes from revision 1 on
   */
  WriteAudit(List<Change> log) {
    this.log = log;
  }

  void check(List<Write> writes) {
    noneAppliedTwice();
    noneLost(writes);
    noneInvented(writes);
    versionsCountUp();
    counterCountsByOne();
  }

  private void noneAppliedTwice() {
    for (Change change : log) {
      Change before = byContent.put(change.content(), change);
      assertThat(before)
          .as("%s, written once, was applied already as this", change)
          .isNull();
    }
  }

  private void noneLost(List<Write> writes) {
    for (Write write : writes) {
      if (write.fate() == Fate.ACKNOWLEDGED) {
        Change change = byContent.get(write.content());
        assertThat(change).as("the change of the acknowledged %s", write).isNotNull();
        assertThat(change.revision()).as("revision of %s", write).isEqualTo(write.revision());
        assertThat(change.key()).as("key of %s", write).isEqualTo(write.key());
      }
    }
  }

  private void noneInvented(List<Write> writes) {
    var byContent = new HashMap<String, Write>();
    writes.forEach(write -> byContent.put(write.content(), write));
    for (Change change : log) {
      Write write = byContent.get(change.content());
      assertThat(write).as("the write of %s", change).isNotNull();
      assertThat(write.fate()).as("what was said of %s", change).isNotEqualTo(Fate.NOTHING);
    }
  }

  private void versionsCountUp() {
    var versions = new HashMap<String, Long>();
    for (Change change : log) {
      long expected = versions.merge(change.key(), 1L, Long::sum);
      assertThat(change.version()).as("version of %s", change).isEqualTo(expected);
    }
  }

  private void counterCountsByOne() {
    int expected = 0;
    for (Change change : log) {
      if (change.key().equals(Writers.COUNTER)) {
        expected++;
        assertThat(Writers.countOf(change.content())).as("count of %s", change).isEqualTo(expected);
      }
    }
  }
}
