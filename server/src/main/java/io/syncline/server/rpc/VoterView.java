package io.syncline.server.rpc;

import io.syncline.proto.api.v1.AlertsResponse;
import io.syncline.proto.api.v1.IdentifyResponse;
import io.syncline.proto.api.v1.StatusResponse;

/** What a voter says of itself, also before it belongs to a cluster. Implemented by the node. */
public interface VoterView {
  StatusResponse status();

  IdentifyResponse identity();

  /** What is wrong, as far as the node can tell by its own metrics. */
  AlertsResponse alerts();
}
