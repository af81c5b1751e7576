package io.syncline.bench.compare;

import com.google.protobuf.ByteString;
import io.syncline.bench.fanout.Audience;
import io.syncline.bench.fanout.StreamAudience;
import io.syncline.bench.store.SynclineTarget;
import io.syncline.bench.store.Target;
import io.syncline.client.SynclineClient;
import io.syncline.model.Endpoint;
import io.syncline.model.NamespaceName;
import io.syncline.model.Revision;
import io.syncline.model.Selector;
import java.time.Duration;
import java.util.List;

/**
 * Syncline's own API: its Java client, which finds the leader by itself, and followers that are sent
 * changes.
 *
 * @param observer asks the voters how they are; its owner closes it
 */
record SynclineApi(SynclineClient observer, List<Endpoint> endpoints) implements Api {
  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final NamespaceName NAMESPACE = new NamespaceName("bench");

  @Override
  public Target connect() {
    return SynclineTarget.connect(endpoints, NAMESPACE, DEADLINE);
  }

  @Override
  public Audience audience(String prefix, int size, int connections) {
    Endpoint leader = Endpoint.parse(observer.status(endpoints.get(0)).getLeaderEndpoint());
    var from = new Revision(observer.status(leader).getHeader().getRevision());
    var what = new Selector(NAMESPACE, ByteString.copyFromUtf8(prefix));
    return StreamAudience.join(List.of(leader), what, from, size, connections);
  }
}
