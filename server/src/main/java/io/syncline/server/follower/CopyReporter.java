package io.syncline.server.follower;

import io.syncline.client.SynclineClient;
import io.syncline.client.UnavailableException;
import io.syncline.client.UnknownOutcomeException;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Endpoint;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection.Reason;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the voters what a copy held instead of what it should have, so that a conflict is recorded: the
 * copy itself is repaired without waiting for that. One thread; any thread hands over.
 */
public final class CopyReporter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CopyReporter.class);

  /** What differs in more keys is one mishap, and is not worth as many records. */
  private static final int MOST_WAITING = 100;

  private static final long PAUSE_MS = 1_000;

  private final List<Endpoint> voters;
  private final String node;
  private final ScheduledThreadPoolExecutor executor =
      new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "syncline-copy-reporter"));

  /**
   * @param node this follower
   */
  public CopyReporter(List<Endpoint> voters, String node) {
    this.voters = List.copyOf(voters);
    this.node = node;
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /**
   * Reports, as soon as a voter can be reached.
   *
   * @param copy as it was stored, with the checksum that its content really has
   * @param damaged whether it did not match the checksum stored beside it
   */
  public void report(ConfigVersion copy, boolean damaged) {
    if (executor.isShutdown()) {
      return;
    }
    if (executor.getQueue().size() >= MOST_WAITING) {
      LOG.warn("not reported, for there is too much to report: {}", copy);
      return;
    }
    executor.execute(() -> send(copy, damaged));
  }

  private void send(ConfigVersion copy, boolean damaged) {
    try (SynclineClient client =
        SynclineClient.builder().endpoints(voters).actor(node).build()) {
      long conflict = client.conflicts().report(node, copy, damaged);
      LOG.info("the copy's version was reported: version={} conflict={}", copy, conflict);
    } catch (RejectedException e) {
      if (e.rejection().reason() == Reason.TOO_MANY) {
        again(copy, damaged);
      } else {
        LOG.warn("a report was refused: version={} reason={}", copy, e.getMessage());
      }
    } catch (UnavailableException | UnknownOutcomeException e) {
      again(copy, damaged);
    }
  }

  private void again(ConfigVersion copy, boolean damaged) {
    if (!executor.isShutdown()) {
      var unused = executor.schedule(() -> send(copy, damaged), PAUSE_MS, TimeUnit.MILLISECONDS);
    }
  }

  /** What was not reported yet is not reported any more: the copy is right again in any case. */
  @Override
  public void close() {
    executor.shutdownNow();
  }
}
