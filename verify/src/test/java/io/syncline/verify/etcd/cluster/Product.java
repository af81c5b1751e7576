package io.syncline.verify.etcd.cluster;

import java.nio.file.Path;
import java.util.List;

/** What speaks etcd's API: how a member of it is run. */
public interface Product {
  /** Set, the tests run against etcd itself: that shows that they demand what etcd does. */
  String AGAINST_ETCD = "syncline.test.against-etcd";

  /** What the tests are about. */
  static Product underTest() {
    return Boolean.getBoolean(AGAINST_ETCD) ? new DebianEtcd() : new Syncline();
  }

  /** The command that runs one member; its data lies below the folder. */
  List<String> command(MemberPorts member, List<MemberPorts> all, Path folder);
}
