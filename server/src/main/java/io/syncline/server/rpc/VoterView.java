package io.syncline.server.rpc;

import io.syncline.proto.api.v1.IdentifyResponse;
import io.syncline.proto.api.v1.StatusResponse;

/** What a voter says of itself, also before it belongs to a cluster. Implemented by the node. */
public interface VoterView {
  StatusResponse status();

  IdentifyResponse identity();
}
