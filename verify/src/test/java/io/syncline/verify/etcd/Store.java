package io.syncline.verify.etcd;

import io.syncline.model.Endpoint;

/** A running store that speaks etcd's v3 API, empty when it starts. */
interface Store extends AutoCloseable {
  /** As it is called in reports. */
  String name();

  /** Where it speaks gRPC and HTTP. */
  Endpoint endpoint();

  /** Whether its watches are held to what Syncline promises beyond what etcd 3.4 does. */
  boolean strict();

  @Override
  void close();
}
