package io.syncline.ops.demo;

import java.io.PrintStream;
import java.util.Optional;

/** What a demo prints once it is ready: the line that scripts read, and what people can try. */
final class DemoGuide {
  static final String NAMESPACE = "kube-prometheus";

  /** A key of the sample with many versions. */
  static final String SAMPLE_KEY = "manifests/grafana-deployment.yaml";

  private final String command;
  private final DemoState state;

  DemoGuide(String command, DemoState state) {
    this.command = command;
    this.state = state;
  }

  /**
   * @param leader the name of the voter that leads; empty if none does right now
   * @param empty whether there is no sample
   * @param stop how to end the demo; empty: by Ctrl-C
   */
  void print(PrintStream out, String leader, boolean empty, Optional<String> stop) {
    out.println("endpoints: " + state.endpoints());
    out.println("etcd: " + state.etcd());
    out.println("metrics: " + state.metrics());
    Optional<DemoVoter> leading =
        state.voters().stream().filter(voter -> voter.name().equals(leader)).findFirst();
    out.println("leader: "
        + leading
            .map(v -> v.name() + " at " + v.client() + " (pid " + v.process().pid() + ")")
            .orElse("none yet"));
    if (!state.followers().isEmpty()) {
      out.println(DemoFollower.line(state.followers()));
    }
    out.println();
    out.println("Try next:");
    out.println("  export SYNCLINE_ENDPOINTS=" + state.endpoints());
    if (empty) {
      out.println("  " + command + " put routes/api --content 'timeout: 5s'");
      out.println("  " + command + " history routes/api");
    } else {
      String onKey = " -n " + NAMESPACE + " " + SAMPLE_KEY;
      out.println("  " + command + " history" + onKey);
      out.println("  " + command + " diff" + onKey);
      out.println("  " + command + " rollback" + onKey + " --to-version 2 --reason 'try it'");
    }
    leading.ifPresent(voter ->
        out.println("  kill -9 " + voter.process().pid() + "    # the leader; another takes over"));
    out.println("  " + command + " status");
    for (DemoFollower follower : state.followers()) {
      out.println("  " + command + " list --consistency any --endpoints " + follower.address()
          + (empty ? "" : " -n " + NAMESPACE));
    }
    if (!state.followers().isEmpty()) {
      out.println("  " + command + " followers");
    }
    stop.ifPresentOrElse(line -> out.println("  " + line), () -> {
      out.println();
      out.println("Ctrl-C ends the demo.");
    });
  }
}
