package io.syncline.verify.etcd.cluster;

import io.syncline.model.Endpoint;
import io.syncline.server.node.VoterAddress;
import io.syncline.verify.SynclineProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** {@code syncline server} with its door for clients of etcd. */
public final class Syncline implements Product {
  @Override
  public List<String> command(MemberPorts member, List<MemberPorts> all, Path folder) {
    // One level of compilation: these nodes live too briefly for the second one to pay.
    var command = new ArrayList<>(
        SynclineProcess.java("-Xmx512m", "-XX:+UseParallelGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of(
        "server",
        "--name=" + member.name(),
        "--data=" + folder.resolve(member.name()),
        "--listen=" + local(member.client()),
        "--raft-listen=" + local(member.raft()),
        "--http-listen=" + local(member.http()),
        "--etcd-listen=" + local(member.etcd()),
        "--voters=" + all.stream().map(Syncline::voter).collect(Collectors.joining(",")),
        "--exit-with-parent=" + ProcessHandle.current().pid()));
    return command;
  }

  private static String voter(MemberPorts member) {
    return new VoterAddress(member.name(), local(member.client()), local(member.raft())).toString();
  }

  private static Endpoint local(int port) {
    return new Endpoint("127.0.0.1", port);
  }

  @Override
  public String toString() {
    return "Syncline";
  }
}
