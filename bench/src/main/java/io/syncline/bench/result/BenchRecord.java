package io.syncline.bench.result;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one bench command measured, with all that is needed to judge it.
 *
 * @param target the system under load
 * @param settings what else was set, by name
 * @param findings what was found beside the rows, by name
 */
public record BenchRecord(
    String what,
    String target,
    Provenance provenance,
    long seed,
    Map<String, Long> settings,
    List<Row> rows,
    Map<String, Long> findings) {

  public BenchRecord {
    settings = Map.copyOf(settings);
    rows = List.copyOf(rows);
    findings = Map.copyOf(findings);
  }

  public ObjectNode toJson() {
    ObjectNode json = provenance.toJson();
    json.put("what", what).put("target", target).put("seed", seed);
    new TreeMap<>(settings).forEach(json.putObject("settings")::put);
    ArrayNode runs = json.putArray("runs");
    rows.forEach(row -> runs.add(row.toJson()));
    if (!findings.isEmpty()) {
      new TreeMap<>(findings).forEach(json.putObject("findings")::put);
    }
    return json;
  }
}
