package io.syncline.bench.compare;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncline.bench.result.Row;
import java.util.List;

/**
 * One contender's turn in one round.
 *
 * @param leaders who led at the start and at the end; a change in between makes the figures doubtful
 */
record Turn(int round, String system, String version, List<String> leaders, List<Result> results) {
  Turn {
    leaders = List.copyOf(leaders);
    results = List.copyOf(results);
  }

  /**
   * A cell's figures.
   *
   * @param cores kept busy meanwhile, the warm-up included
   */
  record Result(Cell cell, Row row, Cores cores) {
    double operationsPerSecond() {
      return row.measurement().operationsPerSecond();
    }
  }

  double operationsPerSecond(Cell cell) {
    return results.stream()
        .filter(result -> result.cell().equals(cell))
        .mapToDouble(Result::operationsPerSecond)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(cell + ": not measured for " + system));
  }

  ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("round", round).put("system", system).put("version", version);
    ArrayNode led = json.putArray("leaders");
    leaders.forEach(led::add);
    ArrayNode runs = json.putArray("runs");
    for (Result result : results) {
      ObjectNode run = result.row().toJson();
      run.set("cores", result.cores().toJson());
      runs.add(run);
    }
    return json;
  }
}
