package io.syncline.ops.command;

import io.syncline.model.Fault;
import io.syncline.ops.ExitCode;
import io.syncline.ops.RefusedException;
import io.syncline.ops.output.Progress;
import io.syncline.ops.output.Table;
import io.syncline.ops.output.Terminal;
import io.syncline.server.node.Follower;
import io.syncline.server.node.Follower.CopyProgress;
import io.syncline.server.node.FollowerSettings;
import io.syncline.server.node.RefusedToStart;
import io.syncline.server.node.Voter;
import io.syncline.server.node.VoterSettings;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A voter or a follower as a process: tells when it is ready, ends in order on a signal, at once on a
 * fault.
 */
final class NodeProcess {
  private static final long READY_POLL_MILLIS = 20;
  private static final long ACCOMPANY_MILLIS = 500;
  private static final long COPYING_POLL_MILLIS = 100;

  private final Terminal terminal;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final AtomicBoolean signalled = new AtomicBoolean();

  NodeProcess(Terminal terminal) {
    this.terminal = terminal;
  }

  /** A node that runs. */
  private interface Node extends AutoCloseable {
    boolean ready();

    /** What to tell people once it is ready. */
    String greeting();

    /** Shows what it is about, if that takes long; called again and again while it runs. */
    void accompany();

    @Override
    void close();
  }

  private interface Starting {
    Node start();
  }

  /**
   * Runs a voter until a signal, or the end of the parent, stops it.
   *
   * @param parentPid whose end ends it; null: nobody's
   * @return the exit code
   */
  int run(VoterSettings settings, @Nullable Long parentPid) throws InterruptedException {
    return run(parentPid, () -> {
      Voter voter = Voter.start(settings, this::onFault);
      return node(
          voter::ready,
          () -> "voter " + settings.name() + " ready at " + voter.clientEndpoint(),
          () -> {},
          voter::close);
    });
  }

  /** Runs a follower, which serves from its start and tells so. */
  int run(FollowerSettings settings, @Nullable Long parentPid) throws InterruptedException {
    return run(parentPid, () -> {
      Follower follower = Follower.start(settings, this::onFault);
      return node(
          () -> true,
          () -> "follower " + settings.id() + " serving at " + follower.endpoint(),
          () -> showCopying(follower),
          follower::close);
    });
  }

  /** Shows how far a snapshot under way has come, to its end; returns at once if none is. */
  private void showCopying(Follower follower) {
    Optional<CopyProgress> begun = follower.copying();
    if (begun.isEmpty()) {
      return;
    }
    try (var shown = Progress.start(terminal, "copying", "keys", begun.get().totalKeys())) {
      Optional<CopyProgress> now = begun;
      while (now.isPresent() && !isStopped(COPYING_POLL_MILLIS)) {
        shown.advanceTo(now.get().keys());
        now = follower.copying();
      }
    }
  }

  private boolean isStopped(long withinMillis) {
    try {
      return stop.await(withinMillis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private static Node node(
      BooleanSupplier ready, Supplier<String> greeting, Runnable accompanying, Runnable closing) {
    return new Node() {
      @Override
      public boolean ready() {
        return ready.getAsBoolean();
      }

      @Override
      public String greeting() {
        return greeting.get();
      }

      @Override
      public void accompany() {
        accompanying.run();
      }

      @Override
      public void close() {
        closing.run();
      }
    };
  }

  private int run(@Nullable Long parentPid, Starting starting) throws InterruptedException {
    if (parentPid != null) {
      endWith(parentPid);
    }
    var hook = new Thread(this::onSignal, "syncline-shutdown");
    Runtime.getRuntime().addShutdownHook(hook);
    try (Node node = starting.start()) {
      if (awaitReady(node)) {
        terminal.out().println(node.greeting());
        terminal.out().flush();
        while (!stop.await(ACCOMPANY_MILLIS, TimeUnit.MILLISECONDS)) {
          node.accompany();
        }
      }
    } catch (RefusedToStart e) {
      throw new RefusedException(String.valueOf(e.getMessage()));
    } finally {
      stopped.countDown();
      if (!signalled.get()) {
        removeHook(hook);
      }
    }
    return ExitCode.DONE;
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // a signal came just now: its hook ends the process
    }
  }

  /**
   * @return false if it was stopped before it was ready
   */
  private boolean awaitReady(Node node) throws InterruptedException {
    while (!node.ready()) {
      if (stop.await(READY_POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        return false;
      }
    }
    return true;
  }

  private void endWith(long parentPid) {
    ProcessHandle parent = ProcessHandle.of(parentPid)
        .orElseThrow(
            () -> new RefusedException("process " + parentPid + ": has ended (expected: alive)"));
    var unused = parent.onExit().thenRun(stop::countDown);
  }

  /** Java would end with 143 after a signal; a voter that closed in order ends with 0. */
  private void onSignal() {
    signalled.set(true);
    stop.countDown();
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    terminal.out().flush();
    Runtime.getRuntime().halt(ExitCode.DONE);
  }

  /** The state is broken: nothing of it may be written in closing. */
  private void onFault(Fault fault) {
    // the other voters can show, after the start, that the settings or the folder do not fit
    boolean refused = fault.getCause() instanceof RefusedToStart;
    String message = Table.plain(String.valueOf(fault.getMessage()));
    terminal.err().println("syncline: " + (refused ? "" : "stopped by a fault: ") + message);
    terminal.err().flush();
    Runtime.getRuntime().halt(refused ? ExitCode.REFUSED : ExitCode.FAULT);
  }
}
