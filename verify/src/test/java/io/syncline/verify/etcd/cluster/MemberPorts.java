package io.syncline.verify.etcd.cluster;

/**
 * Where one member listens on 127.0.0.1.
 *
 * @param etcd for clients of etcd's API
 * @param raft for the other members
 * @param client for clients of Syncline's own API
 * @param http for its metrics
 */
public record MemberPorts(String name, int etcd, int raft, int client, int http) {
  String etcdUrl() {
    return url(etcd);
  }

  String raftUrl() {
    return url(raft);
  }

  private static String url(int port) {
    return "http://127.0.0.1:" + port;
  }
}
