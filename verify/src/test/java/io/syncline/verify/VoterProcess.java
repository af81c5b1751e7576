package io.syncline.verify;

import io.syncline.model.Endpoint;
import io.syncline.server.node.VoterAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One voter as a process of its own. */
final class VoterProcess extends SynclineProcess {
  private final VoterAddress address;
  private final Endpoint http;

  /**
   * @param voters the whole cluster, as this voter is told of it
   * @param raftListen where it listens for the others, who may reach it through something between
   * @param http where it shows its metrics
   * @param settings further flags of {@code syncline server}
   */
  VoterProcess(
      VoterAddress address,
      List<VoterAddress> voters,
      Endpoint raftListen,
      Endpoint http,
      Path root,
      List<String> settings) {
    super(address.name(), root, arguments(address, voters, raftListen, http, root, settings));
    this.address = address;
    this.http = http;
  }

  private static List<String> arguments(
      VoterAddress address,
      List<VoterAddress> voters,
      Endpoint raftListen,
      Endpoint http,
      Path root,
      List<String> settings) {
    var arguments = new ArrayList<>(List.of(
        "server",
        "--name=" + address.name(),
        "--data=" + root.resolve(address.name()),
        "--listen=" + address.client(),
        "--raft-listen=" + raftListen,
        "--http-listen=" + http,
        "--voters="
            + String.join(",", voters.stream().map(VoterAddress::toString).toList())));
    arguments.addAll(settings);
    return arguments;
  }

  VoterAddress address() {
    return address;
  }

  Endpoint http() {
    return http;
  }

  Endpoint client() {
    return address.client();
  }
}
