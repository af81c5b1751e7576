package io.syncline.ops.demo;

import io.syncline.ops.RefusedException;
import io.syncline.ops.output.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a demo's folder tells of it, in {@code demo.json}: the cluster, which stays the same from run to
 * run, and the processes that run it now.
 *
 * @param temporary whether the folder goes when the demo ends
 * @param supervisor the process that holds the voters
 * @param ready whether it serves, with all of its data
 */
record DemoState(
    List<DemoVoter> voters,
    List<DemoFollower> followers,
    boolean temporary,
    ProcessId supervisor,
    boolean ready) {
  private static final String FILE = "demo.json";

  DemoState {
    voters = List.copyOf(voters);
    followers = List.copyOf(followers);
  }

  static DemoState stopped(List<DemoVoter> voters, boolean temporary) {
    return new DemoState(
        voters.stream().map(voter -> voter.as(ProcessId.NONE)).toList(),
        List.of(),
        temporary,
        ProcessId.NONE,
        false);
  }

  DemoState running(List<DemoVoter> startedVoters) {
    return new DemoState(
        startedVoters, followers, temporary, ProcessId.of(ProcessHandle.current()), false);
  }

  DemoState whenReady() {
    return new DemoState(voters, followers, temporary, supervisor, true);
  }

  DemoState followedBy(List<DemoFollower> startedFollowers) {
    return new DemoState(voters, startedFollowers, temporary, supervisor, ready);
  }

  String endpoints() {
    return voters.stream().map(voter -> voter.client().toString()).collect(Collectors.joining(","));
  }

  /** Where clients of etcd are served. */
  String etcd() {
    return voters.stream().map(voter -> voter.etcd().toString()).collect(Collectors.joining(","));
  }

  /** Where Prometheus reads, of voters and followers. */
  String metrics() {
    return Stream.concat(
            voters.stream().map(DemoVoter::http), followers.stream().map(DemoFollower::http))
        .map(http -> "http://" + http + "/metrics")
        .collect(Collectors.joining(","));
  }

  /** Empty if the folder has no demo. */
  static Optional<DemoState> read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(of(Json.object(Files.readString(file))));
    } catch (IOException | IllegalArgumentException | ClassCastException e) {
      throw new RefusedException(
          file + ": not what a demo wrote (expected: its own file); give another folder by --data");
    }
  }

  private static DemoState of(Map<String, Object> fields) {
    if (!(fields.get("voters") instanceof List<?> list) || list.isEmpty()) {
      throw new IllegalArgumentException("no voters");
    }
    return new DemoState(
        list.stream().map(voter -> DemoVoter.of((Map<?, ?>) voter)).toList(),
        fields.get("followers") instanceof List<?> followers
            ? followers.stream().map(f -> DemoFollower.of((Map<?, ?>) f)).toList()
            : List.of(),
        Boolean.TRUE.equals(fields.get("temporary")),
        fields.get("supervisor") instanceof Map<?, ?> supervisor
            ? ProcessId.of(supervisor)
            : ProcessId.NONE,
        Boolean.TRUE.equals(fields.get("ready")));
  }

  /** Whoever reads meanwhile sees all of the old or all of the new. */
  void write(Path folder) throws IOException {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("voters", voters.stream().map(DemoVoter::fields).toList());
    fields.put("followers", followers.stream().map(DemoFollower::fields).toList());
    fields.put("temporary", temporary);
    var supervisorFields = new LinkedHashMap<String, Object>();
    supervisor.addTo(supervisorFields);
    fields.put("supervisor", supervisorFields);
    fields.put("ready", ready);
    Path unfinished = folder.resolve(FILE + ".part");
    Files.writeString(unfinished, Json.line(fields) + "\n");
    Files.move(
        unfinished,
        folder.resolve(FILE),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }
}
