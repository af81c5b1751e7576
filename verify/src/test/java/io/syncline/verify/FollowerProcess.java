package io.syncline.verify;

import io.syncline.model.Endpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One follower as a process of its own. */
final class FollowerProcess extends SynclineProcess {
  private final Endpoint address;
  private final Endpoint http;

  /**
   * @param upstreams what it follows, as the command line names it
   * @param settings further flags of {@code syncline follower}
   */
  FollowerProcess(String id, Path root, String upstreams, String... settings) {
    this(
        id,
        root,
        upstreams,
        ProcessCluster.freeEndpoint(),
        ProcessCluster.freeEndpoint(),
        List.of(settings));
  }

  private FollowerProcess(
      String id,
      Path root,
      String upstreams,
      Endpoint address,
      Endpoint http,
      List<String> settings) {
    super(id, root, arguments(id, root, upstreams, address, http, settings));
    this.address = address;
    this.http = http;
  }

  private static List<String> arguments(
      String id,
      Path root,
      String upstreams,
      Endpoint address,
      Endpoint http,
      List<String> settings) {
    var arguments = new ArrayList<>(List.of(
        "follower",
        "--id=" + id,
        "--data=" + root.resolve(id),
        "--listen=" + address,
        "--http-listen=" + http,
        "--upstream=" + upstreams));
    arguments.addAll(settings);
    return arguments;
  }

  Endpoint address() {
    return address;
  }

  /** Where it shows its metrics. */
  Endpoint http() {
    return http;
  }
}
