package io.syncline.server.etcd.bolt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.syncline.server.LocalCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code etcd} of the path, alone, on a data folder that {@code etcdctl} has restored. */
final class Etcd implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 60;

  private final Process process;
  private final ManagedChannel channel;

  private Etcd(Process process, ManagedChannel channel) {
    this.process = process;
    this.channel = channel;
  }

  /** What {@code etcdctl} says of a snapshot, as JSON. */
  static String snapshotStatus(Path snapshot) throws IOException, InterruptedException {
    return etcdctl(snapshot, "status", snapshot.toString(), "--write-out=json");
  }

  /** Makes a data folder of a snapshot, and starts on it. */
  static Etcd restored(Path snapshot, Path data) throws IOException, InterruptedException {
    String client = freeUrl();
    String peer = freeUrl();
    etcdctl(
        snapshot,
        "restore",
        snapshot.toString(),
        "--data-dir=" + data,
        "--initial-advertise-peer-urls=" + peer,
        "--initial-cluster=default=" + peer);
    Process process = new ProcessBuilder(
            "etcd",
            "--data-dir=" + data,
            "--listen-client-urls=" + client,
            "--advertise-client-urls=" + client,
            "--listen-peer-urls=" + peer,
            "--initial-advertise-peer-urls=" + peer,
            "--initial-cluster=default=" + peer)
        .redirectErrorStream(true)
        .redirectOutput(data.resolveSibling("etcd.log").toFile())
        .start();
    String target = client.substring("http://".length());
    var channel = Grpc.newChannelBuilder(target, InsecureChannelCredentials.create())
        .maxInboundMessageSize(Integer.MAX_VALUE)
        .build();
    return new Etcd(process, channel);
  }

  ManagedChannel channel() {
    return channel;
  }

  @Override
  public void close() {
    channel.shutdownNow();
    process
        .destroyForcibly()
        .onExit()
        .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .join();
  }

  private static String etcdctl(Path beside, String... arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("etcdctl", "snapshot"));
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile(beside.getParent(), "etcdctl", ".out");
    Path err = Files.createTempFile(beside.getParent(), "etcdctl", ".err");
    var builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().put("ETCDCTL_API", "3");
    Process process = builder.start();
    try {
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(Files.readString(err, UTF_8)).isZero();
      return Files.readString(out, UTF_8);
    } finally {
      process.destroyForcibly();
    }
  }

  private static String freeUrl() {
    return "http://127.0.0.1:" + LocalCluster.freePorts(1).get(0);
  }
}
