package io.syncline.ops.demo;

import io.syncline.ops.ExitCode;
import java.io.IOException;
import java.nio.file.Files;

/** Ends a demo once: its voters first, then what tells of them, or all of a temporary folder. */
final class DemoEnd {
  private final DemoFolder folder;
  private final DemoState stopped;
  private final DemoCluster cluster;
  private boolean done;

  DemoEnd(DemoFolder folder, DemoState stopped, DemoCluster cluster) {
    this.folder = folder;
    this.stopped = stopped;
    this.cluster = cluster;
  }

  /** From now on a signal ends the demo, and the process with 0: that is how a demo is to end. */
  void onSignal() {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(
            () -> {
              if (runUnlessDone()) {
                Runtime.getRuntime().halt(ExitCode.DONE);
              }
            },
            "demo-shutdown"));
  }

  private boolean runUnlessDone() {
    try {
      return run();
    } catch (IOException e) {
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /**
   * @return false if it was done before
   */
  synchronized boolean run() throws IOException, InterruptedException {
    if (done) {
      return false;
    }
    done = true;
    cluster.close();
    if (Files.exists(folder.path())) {
      stopped.write(folder.path());
    }
    folder.delete();
    return true;
  }
}
