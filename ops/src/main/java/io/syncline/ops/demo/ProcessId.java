package io.syncline.ops.demo;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A process of this machine. Its number alone may be another process's by the time it is read again.
 *
 * @param pid 0: no process
 * @param startedMs since 1970
 */
record ProcessId(long pid, long startedMs) {
  static final ProcessId NONE = new ProcessId(0, 0);

  /** Start times are told in hundredths of seconds since a boot whose time is told in seconds. */
  private static final long START_TOLERANCE_MS = 2_000;

  static ProcessId of(ProcessHandle process) {
    return new ProcessId(process.pid(), startedMs(process));
  }

  static ProcessId of(Map<?, ?> fields) {
    return fields.get("pid") instanceof Long pid && fields.get("started_ms") instanceof Long started
        ? new ProcessId(pid, started)
        : NONE;
  }

  private static long startedMs(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  void addTo(Map<String, Object> fields) {
    fields.put("pid", pid);
    fields.put("started_ms", startedMs);
  }

  /** The process, if it is still alive. */
  Optional<ProcessHandle> find() {
    return pid == 0
        ? Optional.empty()
        : ProcessHandle.of(pid)
            .filter(ProcessHandle::isAlive)
            .filter(process -> Math.abs(startedMs(process) - startedMs) <= START_TOLERANCE_MS);
  }
}
