package io.syncline.ops.command;

import io.syncline.client.SynclineClient;
import io.syncline.model.Endpoint;
import io.syncline.model.NamespaceName;
import io.syncline.ops.UsageException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every command that talks to a cluster takes. */
final class ClientOptions {
  static final String DEFAULT_ENDPOINTS = "127.0.0.1:7400";

  @Option(
      names = "--endpoints",
      paramLabel = "HOST:PORT[,…]",
      description =
          "Voters to begin with. Default: $SYNCLINE_ENDPOINTS, or " + DEFAULT_ENDPOINTS + ".")
  @Nullable
  String endpoints;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAME",
      description = "The namespace. Default: default.")
  @Nullable
  NamespaceName namespace;

  @Option(
      names = "--output",
      paramLabel = "table|json",
      defaultValue = "table",
      description = "How results are shown: ${COMPLETION-CANDIDATES}. Default: table.")
  OutputFormat output;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      description = "How long a call may take with all its attempts. Default: 10s.")
  @Nullable
  Duration timeout;

  NamespaceName namespace() {
    return namespace == null ? NamespaceName.DEFAULT : namespace;
  }

  boolean json() {
    return output == OutputFormat.JSON;
  }

  /**
   * @param environment has the endpoints if the command line does not
   */
  List<Endpoint> endpoints(Map<String, String> environment) {
    String text = endpoints;
    if (text == null) {
      text = environment.getOrDefault("SYNCLINE_ENDPOINTS", DEFAULT_ENDPOINTS);
    }
    try {
      return Arrays.stream(text.split(",", -1))
          .map(String::strip)
          .map(Endpoint::parse)
          .toList();
    } catch (IllegalArgumentException e) {
      throw new UsageException("--endpoints: " + e.getMessage());
    }
  }

  SynclineClient.Builder client(Duration defaultTimeout, Map<String, String> environment) {
    Duration deadline = timeout == null ? defaultTimeout : timeout;
    if (deadline.toMillis() < 1) {
      throw new UsageException("--timeout: " + deadline.toMillis() + " ms (expected: >= 1ms)");
    }
    return SynclineClient.builder().endpoints(endpoints(environment)).deadline(deadline);
  }
}
