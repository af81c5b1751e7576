package io.syncline.bench;

import io.syncline.bench.store.SynclineTarget;
import io.syncline.model.Endpoint;
import io.syncline.model.NamespaceName;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Option;

/** Which cluster is put under load, and where in it. */
final class ClusterOptions {
  /** Of every call: a call that takes longer is counted as an error. */
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  @Option(
      names = "--endpoints",
      required = true,
      split = ",",
      paramLabel = "HOST:PORT",
      defaultValue = "${env:SYNCLINE_ENDPOINTS}",
      converter = EndpointText.class,
      description = "Where the cluster listens (environment: SYNCLINE_ENDPOINTS).")
  private List<Endpoint> endpoints = List.of();

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAME",
      defaultValue = "bench",
      converter = NamespaceText.class,
      description = "Created if it is not there (default: ${DEFAULT-VALUE}).")
  private NamespaceName namespace = NamespaceName.DEFAULT;

  List<Endpoint> endpoints() {
    return endpoints;
  }

  NamespaceName namespace() {
    return namespace;
  }

  SynclineTarget connect() {
    return SynclineTarget.connect(endpoints, namespace, DEADLINE);
  }
}
