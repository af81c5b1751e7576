package io.syncline.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.syncline.client.SynclineClient;
import io.syncline.model.Checksum;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Consistency;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.ReadAt;
import io.syncline.model.Version;
import io.syncline.ops.command.SynclineCommand;
import io.syncline.ops.output.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Histories of real configuration, imported as a user would, are read back byte for byte. Which: all
 * {@code *.jsonl.gz} in the folder that system property {@code syncline.histories} names, else the
 * sample that comes with the program.
 */
class RealHistoriesTest {
  private static final String SAMPLE = "/sample/kube-prometheus.jsonl.gz";
  private static final int READS_AT_ONCE = 256;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path root;

  @Test
  void everyVersionIsReadBackByteForByteAfterARestartToo() throws Exception {
    try (var cluster = ProcessCluster.started(root.resolve("cluster"))) {
      for (Path file : histories()) {
        importFile(cluster, file);
        verifyAll(cluster, file);
        long before = revision(cluster);
        importFile(cluster, file);
        assertThat(revision(cluster)).as("revision after importing again").isEqualTo(before);
      }
      cluster.voters().parallelStream().forEach(VoterProcess::kill);
      cluster.voters().forEach(VoterProcess::start);
      cluster.awaitAllReady();
      for (Path file : histories()) {
        long before = revision(cluster);
        verifyAll(cluster, file);
        importFile(cluster, file);
        assertThat(revision(cluster))
            .as("revision after a restart and an import")
            .isEqualTo(before);
      }
    }
  }

  private List<Path> histories() throws IOException {
    String folder = System.getProperty("syncline.histories", "");
    if (!folder.isEmpty()) {
      try (Stream<Path> files = Files.list(Path.of(folder))) {
        return files
            .filter(file -> file.toString().endsWith(".jsonl.gz"))
            .sorted()
            .toList();
      }
    }
    Path sample = root.resolve(Path.of(SAMPLE).getFileName().toString());
    if (!Files.exists(sample)) {
      try (InputStream in =
          Objects.requireNonNull(SynclineCommand.class.getResourceAsStream(SAMPLE), SAMPLE)) {
        Files.copy(in, sample);
      }
    }
    return List.of(sample);
  }

  private static NamespaceName namespaceOf(Path file) {
    String name = Objects.requireNonNull(file.getFileName()).toString();
    return new NamespaceName(name.substring(0, name.indexOf('.')));
  }

  private static void importFile(ProcessCluster cluster, Path file) throws IOException {
    NamespaceName namespace = namespaceOf(file);
    byte[] said = syncline(
        cluster, "import", file.toString(), "-n", namespace.toString(), "--create-namespace");
    System.out.print(namespace + ": " + new String(said, UTF_8));
  }

  /** Runs a command in this process, and returns what it wrote to standard output. */
  private static byte[] syncline(ProcessCluster cluster, String... command) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var terminal = Terminal.of(
        new PrintStream(out, false, UTF_8),
        new PrintStream(err, false, UTF_8),
        InputStream.nullInputStream(),
        Map.of());
    var arguments = new ArrayList<>(List.of(command));
    arguments.add("--endpoints=" + cluster.endpointsText());
    int code = SynclineCommand.commandLine(terminal).execute(arguments.toArray(String[]::new));
    terminal.out().flush();
    terminal.err().flush();
    assertThat(code)
        .as("exit code of %s: %s", List.of(command), err.toString(UTF_8))
        .isZero();
    return out.toByteArray();
  }

  private static long revision(ProcessCluster cluster) {
    try (var client = cluster.client()) {
      return client.namespaces().stream()
          .mapToLong(namespace -> namespace.revision().value())
          .max()
          .orElseThrow();
    }
  }

  private static void verifyAll(ProcessCluster cluster, Path file) throws Exception {
    NamespaceName namespace = namespaceOf(file);
    Map<String, List<HistoryFile.Expected>> histories = HistoryFile.read(file);
    int versions = 0;
    try (var client = cluster.client()) {
      for (Map.Entry<String, List<HistoryFile.Expected>> history : histories.entrySet()) {
        verifyHistory(client, namespace, history.getKey(), history.getValue());
        versions += history.getValue().size();
      }
    }
    for (Map.Entry<String, List<HistoryFile.Expected>> history : histories.entrySet()) {
      verifyRaw(cluster, namespace, history.getKey(), history.getValue());
    }
    System.out.printf(
        "%s: %d versions of %d keys read back byte for byte%n",
        namespace, versions, histories.size());
  }

  private static void verifyHistory(
      SynclineClient client,
      NamespaceName namespace,
      String key,
      List<HistoryFile.Expected> expected)
      throws Exception {
    for (int from = 0; from < expected.size(); from += READS_AT_ONCE) {
      int to = Math.min(from + READS_AT_ONCE, expected.size());
      List<CompletableFuture<ConfigVersion>> reads = IntStream.range(from, to)
          .mapToObj(i -> client
              .async()
              .get(
                  namespace,
                  Key.of(key),
                  new ReadAt.AtVersion(new Version(i + 1)),
                  Consistency.LINEARIZABLE))
          .toList();
      for (int i = from; i < to; i++) {
        verifyVersion(reads.get(i - from).get(), expected.get(i));
      }
    }
    ConfigVersion head = client.get(
        namespace,
        Key.of(key),
        new ReadAt.AtVersion(new Version(expected.size())),
        Consistency.LINEARIZABLE);
    boolean live = client.get(namespace, Key.of(key)).isPresent();
    assertThat(live).as("%s is live", head).isEqualTo(!head.tombstone());
  }

  private static void verifyVersion(ConfigVersion read, HistoryFile.Expected expected) {
    assertThat(read.tombstone()).as("%s is a delete", read).isEqualTo(expected.delete());
    assertThat(read.content().equals(expected.content()))
        .as("%s has the file's bytes", read)
        .isTrue();
    assertThat(read.checksum()).as("checksum of %s", read).isEqualTo(sha256(read));
    assertThat(read.reason()).as("reason of %s", read).isEqualTo(expected.change());
  }

  private static Checksum sha256(ConfigVersion version) {
    return new Checksum(ByteString.copyFrom(sha256(version.content().toByteArray())));
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** What {@code get KEY --raw} writes is the newest content, and nothing else. */
  private static void verifyRaw(
      ProcessCluster cluster,
      NamespaceName namespace,
      String key,
      List<HistoryFile.Expected> expected) {
    int last = expected.size();
    while (expected.get(last - 1).delete()) {
      last--;
    }
    byte[] raw = syncline(
        cluster,
        "get",
        key,
        "-n",
        namespace.toString(),
        "--version",
        Integer.toString(last),
        "--raw");
    assertThat(raw)
        .as("get %s --raw", key)
        .isEqualTo(expected.get(last - 1).content().toByteArray());
  }
}
