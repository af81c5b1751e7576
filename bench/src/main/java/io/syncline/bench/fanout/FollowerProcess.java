package io.syncline.bench.fanout;

import io.syncline.bench.process.Launcher;
import io.syncline.bench.process.Members;
import io.syncline.client.SynclineClient;
import io.syncline.client.UnavailableException;
import io.syncline.model.Endpoint;
import io.syncline.model.NamespaceName;
import io.syncline.model.RejectedException;
import io.syncline.model.Revision;
import io.syncline.proto.api.v1.StatusResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A real follower, with its copy on the disk, in a process of its own. */
public record FollowerProcess(String id, Endpoint endpoint, Process process) {
  /** Gives way to nobody. */
  public static final int NOT_NICE = 0;

  private static final Duration LONGEST_START = Duration.ofMinutes(2);

  /**
   * Starts one; returns without waiting for its copy.
   *
   * @param members it ends with them
   * @param folder for data and logs
   * @param nice how much it gives way to other processes, {@link #NOT_NICE} to 19
   */
  public static FollowerProcess start(
      Members members,
      String id,
      Endpoint listen,
      Endpoint upstream,
      NamespaceName what,
      Path folder,
      int nice)
      throws IOException {
    List<String> command = List.of(
        "nice",
        "-n",
        Integer.toString(nice),
        Launcher.find().toString(),
        "follower",
        "--id=" + id,
        "--data=" + folder.resolve(id),
        "--listen=" + listen,
        "--subscribe=" + what,
        "--upstream=" + upstream);
    Process process = members.start(command, folder.resolve(id + ".log"), "SYNCLINE_", Map.of());
    return new FollowerProcess(id, listen, process);
  }

  /**
   * Waits until it has a whole, fresh copy up to a revision.
   *
   * @throws io.syncline.bench.process.ClusterFailed if it has not in two minutes
   */
  public StatusResponse await(Members members, SynclineClient client, Revision revision) {
    return members.await(
        "follower " + endpoint + ": a copy up to revision " + revision,
        LONGEST_START,
        () -> status(client)
            .filter(StatusResponse::getReady)
            .filter(status -> status.getHeader().getRevision() >= revision.value()));
  }

  /** Empty if it does not answer. */
  public Optional<StatusResponse> status(SynclineClient client) {
    try {
      return Optional.of(client.status(endpoint));
    } catch (UnavailableException | RejectedException e) {
      return Optional.empty();
    }
  }

  /** Spent so far. */
  public Duration cpuTime() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** Stops it where it is, as if the machine hung; {@link #resume} lets it go on. */
  public void pause() throws IOException {
    signal("-STOP");
  }

  public void resume() throws IOException {
    signal("-CONT");
  }

  private void signal(String name) throws IOException {
    try {
      int exit =
          new ProcessBuilder("kill", name, Long.toString(process.pid())).start().waitFor();
      if (exit != 0) {
        throw new IOException("kill " + name + " " + process.pid() + ": exit code " + exit);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
