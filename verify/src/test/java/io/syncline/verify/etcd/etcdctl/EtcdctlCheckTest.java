package io.syncline.verify.etcd.etcdctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.verify.etcd.cluster.Cluster;
import io.syncline.verify.etcd.cluster.Product;
import io.syncline.verify.etcd.etcdctl.Etcdctl.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** What etcdctl demands of a cluster that is to serve a small load. */
@Tag("etcd")
@Tag("long")
class EtcdctlCheckTest {
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  @Test
  void theClusterServesTheLoad() throws Exception {
    List<String> passed = passed("check", "perf", "--auto-compact", "--auto-defrag");
    assertThat(passed).hasSize(4).last().isEqualTo("PASS");
  }

  @Test
  void theClusterHoldsTheKeysAndSaysWhatTheyTake() throws Exception {
    List<String> passed = passed("check", "datascale", "--auto-compact", "--auto-defrag");
    assertThat(passed).singleElement().asString().contains("memory");
  }

  private List<String> passed(String... command) throws Exception {
    Path files = Files.createDirectories(folder.resolve("files"));
    try (var cluster = Cluster.started(Product.underTest(), folder.resolve("cluster"))) {
      Ended ended = new Etcdctl(files, cluster.endpoints()).run("", List.of(command));
      // The rest is how far it was.
      List<String> judged =
          ended.out().lines().filter(line -> line.matches("[A-Z].*")).toList();
      System.out.println(cluster + ": etcdctl " + String.join(" ", command) + ": " + judged);
      assertThat(ended.code()).as(judged + ended.err()).isZero();
      return judged.stream().filter(line -> line.startsWith("PASS")).toList();
    }
  }
}
