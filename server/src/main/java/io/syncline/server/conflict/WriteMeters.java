package io.syncline.server.conflict;

import io.syncline.model.Command;
import io.syncline.model.Futures;
import io.syncline.model.KeyspaceCommand;
import io.syncline.model.Outcome.Committed;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.monitor.metrics.MeterCounter;
import io.syncline.monitor.metrics.MeterTimer;
import io.syncline.monitor.metrics.Meters;
import io.syncline.monitor.metrics.MetricCatalogue;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Counts what becomes of clients' writes: of one that is settled as a conflict, what became of it in the
 * end. Counters are looked up beforehand, for every write passes here. Any thread.
 */
public final class WriteMeters {
  public static final WriteMeters NONE =
      new WriteMeters(kind -> MeterCounter.NONE, reason -> MeterCounter.NONE, MeterTimer.NONE);

  /** Kinds of writes, as the catalogue of metrics tells them. */
  enum Kind {
    PUT,
    DELETE,
    DELETE_RANGE,
    UNDELETE,
    ROLLBACK,
    TRANSACTION,
    RESOLVE_CONFLICT,
    NAMESPACE,
    COMPACT,
    LEASE,
    AUTH;

    /** The most frequent first; what no client asks for is none of them. */
    static Kind of(Command command) {
      if (command instanceof Command.Put) {
        return PUT;
      } else if (command instanceof Command.Transaction) {
        return TRANSACTION;
      } else if (command instanceof Command.Delete) {
        return DELETE;
      } else if (command instanceof Command.Rollback) {
        return ROLLBACK;
      } else if (command instanceof Command.Undelete) {
        return UNDELETE;
      } else if (command instanceof Command.DeleteRange) {
        return DELETE_RANGE;
      } else if (command instanceof Command.CreateNamespace
          || command instanceof Command.UpdateNamespace) {
        return NAMESPACE;
      } else if (command instanceof Command.Compact) {
        return COMPACT;
      } else if (command instanceof Command.ResolveConflict) {
        return RESOLVE_CONFLICT;
      } else if (command instanceof Command.Keyspace keyspace) {
        return of(keyspace.command());
      }
      throw new IllegalArgumentException("command: " + command + " (expected: a client's write)");
    }

    private static Kind of(KeyspaceCommand command) {
      if (command instanceof KeyspaceCommand.Transact) {
        return TRANSACTION;
      } else if (command instanceof KeyspaceCommand.Compact) {
        return COMPACT;
      } else if (command instanceof KeyspaceCommand.Found) {
        return NAMESPACE;
      } else if (command instanceof KeyspaceCommand.ChangeAuth) {
        return AUTH;
      }
      return LEASE;
    }
  }

  private final Map<Kind, MeterCounter> carriedOut = new EnumMap<>(Kind.class);
  private final Map<Rejection.Reason, MeterCounter> refused = new EnumMap<>(Rejection.Reason.class);
  private final MeterTimer times;

  private WriteMeters(
      Function<String, MeterCounter> carriedOutBy,
      Function<String, MeterCounter> refusedFor,
      MeterTimer times) {
    for (Kind kind : Kind.values()) {
      carriedOut.put(kind, carriedOutBy.apply(kind.name().toLowerCase(Locale.ROOT)));
    }
    for (Rejection.Reason reason : Rejection.Reason.values()) {
      refused.put(reason, refusedFor.apply(reason.name().toLowerCase(Locale.ROOT)));
    }
    this.times = times;
  }

  public static WriteMeters of(Meters meters) {
    return new WriteMeters(
        kind -> meters.counter(MetricCatalogue.WRITES, kind),
        reason -> meters.counter(MetricCatalogue.WRITE_REJECTIONS, reason),
        meters.timer(MetricCatalogue.WRITE_SECONDS));
  }

  /**
   * @param startNanos when it was proposed, by {@link System#nanoTime}
   */
  public void carriedOut(Command command, long startNanos) {
    carriedOut(Kind.of(command), startNanos);
  }

  private void carriedOut(Kind kind, long startNanos) {
    carriedOut.getOrDefault(kind, MeterCounter.NONE).increment();
    times.recordSince(startNanos);
  }

  public void refused(Rejection rejection) {
    refused.getOrDefault(rejection.reason(), MeterCounter.NONE).increment();
  }

  /** Counts a write that may go through several commands, by its end. */
  CompletableFuture<Committed> counted(
      Kind kind, long startNanos, CompletableFuture<Committed> write) {
    return write.whenComplete((committed, error) -> {
      if (error == null) {
        carriedOut(kind, startNanos);
      } else if (Futures.causeOf(error) instanceof RejectedException rejected) {
        refused(rejected.rejection());
      }
    });
  }
}
