package io.syncline.verify.etcd.etcdctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.verify.etcd.cluster.Cluster;
import io.syncline.verify.etcd.cluster.DebianEtcd;
import io.syncline.verify.etcd.cluster.Product;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Debian's etcdctl walks through its commands at Debian's etcd and at the product. */
@Tag("etcd")
@Tag("long")
class EtcdctlWalkTest {
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  @Test
  void everyCommandAnswersAsAtEtcdButForWhatIsStated() throws Exception {
    Product product = Product.underTest();
    StatedDifferences differences =
        product instanceof DebianEtcd ? StatedDifferences.none() : StatedDifferences.read();

    Map<String, String> etcd = transcript("etcd", new DebianEtcd());
    Map<String, String> other = transcript("other", product);
    Comparison comparison = Comparison.of(etcd, other, differences);

    System.out.printf(
        "%d commands of etcdctl answer as at etcd; these %d do not:%n%n%s%n",
        etcd.size() - comparison.stated().size() - comparison.unstated().size(),
        comparison.stated().size(),
        String.join("\n", comparison.stated()));
    assertThat(comparison.unstated())
        .as(String.join("\n", comparison.unstated()))
        .isEmpty();
    assertThat(comparison.vanished()).as("stated differences that are none").isEmpty();
  }

  private Map<String, String> transcript(String name, Product product) throws Exception {
    Path files = Files.createDirectories(folder.resolve(name).resolve("files"));
    try (var cluster = Cluster.started(product, folder.resolve(name).resolve("cluster"))) {
      var walker = new Walker(cluster, files);
      Walk.by(walker);
      write(name, walker.transcript());
      return walker.transcript();
    }
  }

  /** For whoever wants to see all of it: {@code target/etcdctl}. */
  private static void write(String name, Map<String, String> transcript) throws Exception {
    Path file = Files.createDirectories(Path.of("target", "etcdctl")).resolve(name + ".txt");
    var text = new StringBuilder();
    transcript.forEach((command, answer) ->
        text.append("$ etcdctl ").append(command).append('\n').append(answer).append("\n\n"));
    Files.writeString(file, text);
  }
}
