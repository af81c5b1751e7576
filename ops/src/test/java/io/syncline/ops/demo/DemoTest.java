package io.syncline.ops.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.ops.RefusedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a demo keeps and prints. Running one is the whole system's test. */
final class DemoTest {
  @TempDir
  Path folder;

  private static final List<DemoVoter> VOTERS = DemoPorts.voters(9000);

  @Test
  void theStateReadsBack() throws IOException {
    DemoState state = DemoState.stopped(VOTERS, false)
        .running(List.of(VOTERS.get(0).as(new ProcessId(7, 1_000))))
        .whenReady();

    state.write(folder);

    assertThat(DemoState.read(folder)).contains(state);
    assertThat(folder).isDirectoryContaining(path -> path.endsWith("demo.json"));
  }

  @Test
  void aFolderWithoutADemoHasNoState() throws IOException {
    assertThat(DemoState.read(folder)).isEmpty();
  }

  @Test
  void aFileThatNoDemoWroteIsRefused() throws IOException {
    Files.writeString(folder.resolve("demo.json"), "{\"voters\":[7]}");

    assertThatThrownBy(() -> DemoState.read(folder))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("demo.json: not what a demo wrote");
  }

  @Test
  void aProcessIsFoundByNumberAndStart() {
    ProcessId self = ProcessId.of(ProcessHandle.current());

    assertThat(self.find()).contains(ProcessHandle.current());
    assertThat(new ProcessId(self.pid(), self.startedMs() - 60_000).find()).isEmpty();
    assertThat(ProcessId.NONE.find()).isEmpty();
  }

  @Test
  void aPortInUseIsRefusedIfItWasAskedFor() throws IOException {
    try (var used = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> DemoPorts.pick(used.getLocalPort(), new Random(1)))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("port " + used.getLocalPort() + ": in use");
    }
  }

  @Test
  void threeVotersGetTwelvePorts() {
    List<DemoVoter> voters = DemoPorts.pick(null, new Random(1));

    assertThat(voters).extracting(DemoVoter::name).containsExactly("v1", "v2", "v3");
    assertThat(voters.stream()
            .flatMap(v -> List.of(v.client(), v.raft(), v.http(), v.etcd()).stream())
            .distinct())
        .hasSize(12);
  }

  @Test
  void theGuideHasTheLineThatScriptsRead() {
    var bytes = new ByteArrayOutputStream();
    var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    var state = DemoState.stopped(VOTERS, false);

    new DemoGuide("bin/syncline", state)
        .print(out, "v2", false, Optional.of("bin/syncline demo --stop"));

    assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("""
            endpoints: 127.0.0.1:9000,127.0.0.1:9001,127.0.0.1:9002
            etcd: 127.0.0.1:9300,127.0.0.1:9301,127.0.0.1:9302
            metrics: http://127.0.0.1:9200/metrics,http://127.0.0.1:9201/metrics,\
            http://127.0.0.1:9202/metrics
            leader: v2 at 127.0.0.1:9001 (pid 0)

            Try next:
              export SYNCLINE_ENDPOINTS=127.0.0.1:9000,127.0.0.1:9001,127.0.0.1:9002
              bin/syncline history -n kube-prometheus manifests/grafana-deployment.yaml
              bin/syncline diff -n kube-prometheus manifests/grafana-deployment.yaml
              bin/syncline rollback -n kube-prometheus manifests/grafana-deployment.yaml \
            --to-version 2 --reason 'try it'
              kill -9 0    # the leader; another takes over
              bin/syncline status
              bin/syncline demo --stop
            """);
  }

  @Test
  void theCommandIsNamedAsItCanBeTyped() throws IOException {
    Path launcher = folder.resolve("bin/syncline");
    Files.createDirectories(launcher.getParent());
    Files.writeString(launcher, "#!/bin/sh\n");
    assertThat(launcher.toFile().setExecutable(true)).isTrue();
    String classPath = folder.resolve("ops/target/lib/a.jar").toString();

    assertThat(CommandName.find(Map.of("PATH", folder.resolve("bin").toString()), classPath))
        .isEqualTo("syncline");
    assertThat(CommandName.find(Map.of(), classPath)).isEqualTo(launcher.toString());
  }
}
