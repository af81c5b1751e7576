package io.syncline.verify.etcd.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** {@code etcd} on the path, as Debian's package etcd-server has it. */
public final class DebianEtcd implements Product {
  @Override
  public List<String> command(MemberPorts member, List<MemberPorts> all, Path folder) {
    String peers = all.stream()
        .map(each -> each.name() + "=" + each.raftUrl())
        .collect(Collectors.joining(","));
    return List.of(
        "etcd",
        "--name=" + member.name(),
        "--data-dir=" + folder.resolve(member.name()),
        "--listen-client-urls=" + member.etcdUrl(),
        "--advertise-client-urls=" + member.etcdUrl(),
        "--listen-peer-urls=" + member.raftUrl(),
        "--initial-advertise-peer-urls=" + member.raftUrl(),
        "--initial-cluster=" + peers,
        "--initial-cluster-state=new",
        "--log-level=warn");
  }

  @Override
  public String toString() {
    return "etcd";
  }
}
