package io.syncline.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.syncline.client.SynclineClient;
import io.syncline.client.WriteResult;
import io.syncline.model.Command.CreateNamespace;
import io.syncline.model.Key;
import io.syncline.model.Namespace;
import io.syncline.model.NamespaceName;
import io.syncline.model.NamespaceSettings;
import io.syncline.server.node.VoterAddress;
import io.syncline.verify.CommandProcess.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command as a process, against three voters as processes. */
@TestInstance(Lifecycle.PER_CLASS)
class CommandLineEndToEndTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int REFUSED = 1;
  private static final int WRONG_USAGE = 2;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  static Path root;

  private ProcessCluster cluster;
  private SynclineClient client;
  private CommandProcess syncline;

  @BeforeAll
  void start() throws IOException {
    cluster = ProcessCluster.started(root.resolve("cluster"));
    client = cluster.client();
    syncline = new CommandProcess(root, cluster.endpointsText());
    MalformedFiles.write(root);
  }

  @AfterAll
  void stop() {
    client.close();
    cluster.close();
  }

  private WriteResult put(String key, String content) {
    return client.put(NamespaceName.DEFAULT, Key.of(key), ByteString.copyFromUtf8(content));
  }

  @Test
  void aKeyGoesThroughItsLife() throws Exception {
    assertThat(syncline.run("put", "life", "--content", "one\n").done())
        .matches("put life: version 1 at revision \\d+, sha256 [0-9a-f]{64}\n");
    assertThat(syncline.run("put", "life", "--content", "one\n").done())
        .startsWith("unchanged life: version 1 ");
    assertThat(syncline
            .run("put", "life", "--content", "two\n", "--if-version", "1")
            .done())
        .startsWith("put life: version 2 ");
    assertThat(
            syncline.run("put", "life", "--content", "x", "--if-version", "1").failedWith(REFUSED))
        .contains("it is at version 2");
    assertThat(syncline.run("get", "life", "--raw").done()).isEqualTo("two\n");
    assertThat(syncline.run("diff", "life").done())
        .isEqualTo("--- life version 1\n+++ life version 2\n@@ -1,1 +1,1 @@\n-one\n+two\n");
    assertThat(syncline.run("rollback", "life", "--to-version", "1").done())
        .startsWith("rolled back life: version 3 ");
    assertThat(syncline.run("delete", "life").done())
        .matches("deleted life: version 4 at revision \\d+, a tombstone\n");
    assertThat(syncline.run("get", "life").failedWith(REFUSED)).contains("\"life\"");
    assertThat(syncline.run("undelete", "life").done()).startsWith("undeleted life: version 5 ");
    assertThat(syncline.run("get", "life").done()).contains("version", "5 at revision", "one");
    assertThat(syncline.run("history", "life").done()).hasLineCount(6).contains("rollback of 1");
  }

  @Test
  void aConflictIsListedShownResolvedAndUndone() throws Exception {
    String base = "a: 1\nb: 1\n";
    put("torn.yaml", base);
    put("torn.yaml", "a: 2\nb: 1\n");
    String[] theirs = {
      "put", "torn.yaml", "--content", "a: 1\nb: 2\n", "--if-version", "1", "--on-conflict"
    };
    assertThat(syncline.run(with(theirs, "merge")).done())
        .matches("put torn.yaml: version 3 at revision \\d+, sha256 [0-9a-f]{64};"
            + " the key had changed, see conflict \\d+\n");
    assertThat(syncline.run("get", "torn.yaml", "--raw").done()).isEqualTo("a: 2\nb: 2\n");

    String[] both = {
      "put", "torn.yaml", "--content", "a: 9\nb: 2\n", "--if-version", "1", "--on-conflict"
    };
    assertThat(syncline.run(with(both, "merge")).failedWith(REFUSED))
        .contains("conflict", "it waits to be resolved", "not certain");
    String listed = syncline
        .run("conflicts", "list", "--state", "open", "--key", "torn.yaml")
        .done();
    assertThat(listed).contains("open", "concurrent-modification", "torn.yaml", "merge");
    JsonNode open = JSON.readTree(syncline
        .run("conflicts", "list", "--state", "open", "--key", "torn.yaml", "--output", "json")
        .done());
    assertThat(open).hasSize(1);
    String id = open.get(0).get("id").asText();
    assertThat(syncline.run("conflicts", "show", id).done())
        .contains("conflict " + id, "-a: 1", "+a: 9", "at        a: ", "conflicts resolve " + id);
    assertThat(syncline.run("conflicts", "show", id, "--side", "theirs").done())
        .isEqualTo("a: 9\nb: 2\n");
    assertThat(syncline
            .run("conflicts", "resolve", id, "--strategy", "accept-target")
            .done())
        .startsWith("conflict " + id + ": resolved by accept-target");
    assertThat(syncline.run("get", "torn.yaml", "--raw").done()).isEqualTo("a: 9\nb: 2\n");
    assertThat(syncline
            .run("conflicts", "resolve", id, "--strategy", "accept-source")
            .failedWith(REFUSED))
        .contains("closed already");
    assertThat(syncline.run("rollback", "torn.yaml", "--to-version", "3").done())
        .startsWith("rolled back torn.yaml: version 5 ");
    assertThat(syncline
            .run("put", "torn.yaml", "--content", "x", "--on-conflict", "merge")
            .failedWith(WRONG_USAGE))
        .contains("--if-version");
    assertThat(syncline.run("conflicts", "list", "--type", "lag").failedWith(WRONG_USAGE))
        .contains("version-conflict, content-conflict, concurrent-modification");
    assertThat(syncline.run("conflicts", "show", "999999").failedWith(REFUSED))
        .contains("conflict 999999: not found");
  }

  private static String[] with(String[] arguments, String last) {
    String[] all = Arrays.copyOf(arguments, arguments.length + 1);
    all[arguments.length] = last;
    return all;
  }

  @Test
  void historyAsJsonIsAnArrayOldestFirst() throws Exception {
    syncline
        .run("put", "past", "--content", "a", "--reason", "why", "--actor", "who")
        .done();
    put("past", "b");
    syncline.run("delete", "past", "--output", "json").done();

    JsonNode history =
        JSON.readTree(syncline.run("history", "past", "--output=json").done());

    assertThat(history.isArray()).isTrue();
    assertThat(history.findValues("version"))
        .extracting(JsonNode::asLong)
        .containsExactly(1L, 2L, 3L);
    assertThat(history.findValues("revision"))
        .extracting(JsonNode::asLong)
        .isSorted()
        .doesNotHaveDuplicates();
    assertThat(history.findValues("tombstone"))
        .extracting(JsonNode::asBoolean)
        .containsExactly(false, false, true);
    assertThat(history.findValues("created_at"))
        .extracting(t -> Instant.parse(t.asText()))
        .isSorted();
    JsonNode oldest = history.get(0);
    assertThat(oldest.get("checksum").asText())
        .isEqualTo("ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb");
    assertThat(oldest.get("created_by").asText()).isEqualTo("who");
    assertThat(oldest.get("reason").asText()).isEqualTo("why");
  }

  @Test
  void aSecondImportOfTheSameFileMakesNoVersions() throws Exception {
    Path file = Files.writeString(root.resolve("good.jsonl"), """
        {"key":"good/1","op":"put","content":"one","time":1700000000,"change":"first"}
        {"key":"good/1","op":"put","content":"two"}
        {"key":"good/2","op":"put","content":"three"}
        {"key":"good/2","op":"delete"}
        """);
    String[] command = {
      "import", file.toString(), "-n", "good", "--create-namespace", "--output=json"
    };

    assertThat(JSON.readTree(syncline.run(command).done()).get("versions").asInt())
        .isEqualTo(4);
    List<Namespace> before = client.namespaces();
    JsonNode again = JSON.readTree(syncline.run(command).done());

    assertThat(again.get("versions").asInt()).isZero();
    assertThat(again.get("already_imported").asInt()).isEqualTo(4);
    assertThat(client.namespaces()).isEqualTo(before);
  }

  /** Of the commands, K stands for 5 KiB of key, ROOT for the folder of the files. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "put  --content x|2|key: 0 bytes (expected: 1 to 4096)",
        "put K --content x|2|key: 5120 bytes (expected: 1 to 4096)",
        "put large --file ROOT/large|1|2097152",
        "put k --content x -n nowhere|1|\"nowhere\"",
        "get k --version 0|2|\"0\" (expected: a whole number >= 1)",
        "get k --at-revision 1000000|1|1000000",
        "rollback k --to-version 7|1|version 7",
        "undelete k|1|\"k\"",
        "import ROOT/malformed.jsonl|1|malformed.jsonl line 3: no UTF-8 text",
        "import ROOT/truncated.jsonl.gz|1|the gzip file is cut off here (expected: all of it)",
        "import ROOT/none.jsonl|1|none.jsonl: no such file or folder",
        "server --config ROOT/server.yaml|2|unknown setting \"max-contnet\"; did you mean \"max-content\"?"
      })
  void badInputIsRefusedInOneSentenceAndChangesNothing(String command, int code, String sentence)
      throws Exception {
    put("k", "kept");
    List<Namespace> before = client.namespaces();
    String[] arguments = Arrays.stream(command.split(" ", -1))
        .map(word -> word.equals("K") ? "k".repeat(5 << 10) : word)
        .map(word -> word.replace("ROOT", root.toString()))
        .toArray(String[]::new);

    assertThat(syncline.run(arguments).failedWith(code)).contains(sentence);

    assertThat(client.namespaces()).isEqualTo(before);
  }

  @Test
  void aReasonThatIsNoUtf8IsWrongUsageAndChangesNothing() throws Exception {
    put("k", "kept");
    List<Namespace> before = client.namespaces();

    assertThat(
            syncline.runWithMalformedReason("put", "k", "--content", "x").failedWith(WRONG_USAGE))
        .contains("no UTF-8 text");

    assertThat(client.namespaces()).isEqualTo(before);
  }

  @Test
  void aRevisionBelowTheHorizonIsRefusedWithTheHorizon() throws Exception {
    var namespace = new NamespaceName("compacted");
    client.write(new CreateNamespace(namespace, NamespaceSettings.KEEP_ALL), "");
    Key key = Key.of("c");
    String first =
        client.put(namespace, key, ByteString.copyFromUtf8("1")).revision().toString();
    String second =
        client.put(namespace, key, ByteString.copyFromUtf8("2")).revision().toString();
    assertThat(syncline.run("compact", "--revision", second, "-n", "compacted").done())
        .isEqualTo("compacted namespace compacted before revision " + second + "\n");

    Ended below = syncline.run("get", "c", "-n", "compacted", "--at-revision", first);

    assertThat(below.failedWith(REFUSED)).contains(second);
    assertThat(syncline.run("get", "c", "-n", "compacted", "--raw").done()).isEqualTo("2");
  }

  @Test
  void aServerWhosePortIsInUseIsRefused() throws Exception {
    String used = cluster.endpoints().get(0).toString();
    String free = ProcessCluster.freeEndpoint().toString();

    Ended ended = syncline.run(
        "server",
        "--data=" + root.resolve("unused"),
        "--listen=" + used,
        "--raft-listen=" + free,
        "--http-listen=none",
        "--voters=v1=" + used + "/" + free);

    assertThat(ended.failedWith(REFUSED)).contains("listen: cannot listen on " + used);
  }

  @Test
  void aDataFolderOfAnotherClusterIsRefused() throws Exception {
    Path folder = root.resolve("foreign");
    var own = new VoterAddress("v1", ProcessCluster.freeEndpoint(), ProcessCluster.freeEndpoint());
    var alone = new VoterProcess(
        own, List.of(own), own.raft(), ProcessCluster.freeEndpoint(), folder, List.of());
    Files.createDirectories(folder);
    try {
      alone.start();
      cluster.awaitReady(alone);
    } finally {
      alone.kill();
    }
    List<Namespace> before = client.namespaces();

    Ended ended = syncline.run(
        "server",
        "--name=v1",
        "--data=" + folder.resolve("v1"),
        "--listen=" + own.client(),
        "--raft-listen=" + own.raft(),
        "--http-listen=none",
        "--voters=" + own + "," + cluster.voter("v2").address() + ","
            + cluster.voter("v3").address());

    assertThat(ended.failedWith(REFUSED))
        .contains("belongs to cluster")
        .contains("use the folder of this cluster");
    assertThat(client.namespaces()).isEqualTo(before);
  }
}
