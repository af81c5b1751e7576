package io.syncline.server.etcd;

/** The version of etcd whose API is spoken. */
final class EtcdVersion {
  /** What clients that look for features find. */
  static final String SERVER = "3.4.23";

  static final String CLUSTER = "3.4.0";

  private EtcdVersion() {}
}
