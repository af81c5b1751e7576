package io.syncline.ops.demo;

import io.syncline.model.Endpoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A follower of the demo.
 *
 * @param mode push or pull
 */
record DemoFollower(String name, Endpoint address, String mode) {
  /** Behind the ports of the voters' clients. */
  private static final int PORT_OFFSET = 10;

  /** By turns they are sent changes, and ask for them. */
  static List<DemoFollower> pick(int count, Endpoint firstVoter) {
    return IntStream.range(0, count)
        .mapToObj(i -> new DemoFollower(
            "f" + (i + 1),
            new Endpoint(firstVoter.host(), firstVoter.port() + PORT_OFFSET + i),
            i % 2 == 0 ? "push" : "pull"))
        .toList();
  }

  Endpoint http() {
    return DemoPorts.http(address);
  }

  /** The line that scripts read. */
  static String line(List<DemoFollower> followers) {
    return "followers: "
        + followers.stream()
            .map(f -> f.name + "=" + f.address + " (" + f.mode + ")")
            .collect(Collectors.joining(", "));
  }

  Map<String, Object> fields() {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("name", name);
    fields.put("address", address.toString());
    fields.put("mode", mode);
    return fields;
  }

  static DemoFollower of(Map<?, ?> fields) {
    return new DemoFollower(
        String.valueOf(fields.get("name")),
        Endpoint.parse(String.valueOf(fields.get("address"))),
        String.valueOf(fields.get("mode")));
  }
}
