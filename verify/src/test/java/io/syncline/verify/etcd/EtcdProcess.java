package io.syncline.verify.etcd;

import io.syncline.model.Endpoint;
import io.syncline.verify.ProcessCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;

/** One member of etcd as a process of its own, with all its files in one folder. */
final class EtcdProcess implements Store {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final Endpoint client = ProcessCluster.freeEndpoint();
  private final Endpoint peer = ProcessCluster.freeEndpoint();
  private final String name;
  private final Process process;

  private EtcdProcess(String name, Path folder) throws IOException {
    this.name = name;
    var builder = new ProcessBuilder(command(folder.resolve("data")))
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("etcd.log").toFile());
    builder.environment().keySet().removeIf(variable -> variable.startsWith("ETCD"));
    process = builder.start();
  }

  /** Passwords are hashed as cheaply as etcd allows: it hashes them while it applies its log. */
  private List<String> command(Path data) {
    return List.of(
        "etcd",
        "--name=differ",
        "--data-dir=" + data,
        "--listen-client-urls=http://" + client,
        "--advertise-client-urls=http://" + client,
        "--listen-peer-urls=http://" + peer,
        "--initial-advertise-peer-urls=http://" + peer,
        "--initial-cluster=differ=http://" + peer,
        "--bcrypt-cost=4",
        "--logger=zap",
        "--log-level=error");
  }

  /** Starts the etcd that is on the path, and returns when it answers. */
  static EtcdProcess started(String name, Path folder) {
    try {
      Files.createDirectories(folder);
      var etcd = new EtcdProcess(name, folder);
      try {
        Awaitility.await("etcd answers")
            .atMost(ProcessCluster.PATIENCE)
            .ignoreExceptions()
            .until(etcd::healthy);
        return etcd;
      } catch (RuntimeException | Error e) {
        etcd.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("etcd does not start (Debian: package etcd-server)", e);
    }
  }

  private boolean healthy() throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://" + client + "/health")).build();
    return HTTP.send(request, BodyHandlers.ofString()).body().contains("true");
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Endpoint endpoint() {
    return client;
  }

  @Override
  public boolean strict() {
    return false;
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
