package io.syncline.bench.fanout;

import io.syncline.bench.process.FreePorts;
import io.syncline.bench.store.SynclineTarget;
import io.syncline.model.Endpoint;
import io.syncline.model.NamespaceName;
import io.syncline.server.node.Voter;
import io.syncline.server.node.VoterAddress;
import io.syncline.server.node.VoterSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A real cluster of one, in this process. */
public final class OneVoter implements AutoCloseable {
  public static final NamespaceName NAMESPACE = new NamespaceName("bench");

  private final Endpoint endpoint;
  private final Voter voter;

  private OneVoter(Endpoint endpoint, Voter voter) {
    this.endpoint = endpoint;
    this.voter = voter;
  }

  public static OneVoter start(Path folder) throws IOException {
    List<Integer> ports = FreePorts.take(2);
    var client = new Endpoint("127.0.0.1", ports.get(0));
    var raft = new Endpoint("127.0.0.1", ports.get(1));
    Voter voter = Voter.start(
        VoterSettings.builder()
            .name("v1")
            .data(folder)
            .listen(client)
            .raftListen(raft)
            .voters(List.of(new VoterAddress("v1", client, raft)))
            .build(),
        fault -> {
          throw fault;
        });
    return new OneVoter(client, voter);
  }

  public Endpoint endpoint() {
    return endpoint;
  }

  SynclineTarget connect() {
    return SynclineTarget.connect(List.of(endpoint), NAMESPACE, Duration.ofSeconds(30));
  }

  @Override
  public void close() {
    voter.close();
  }
}
