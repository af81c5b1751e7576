package io.syncline.bench.result;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.syncline.bench.load.Load;
import io.syncline.bench.load.Measurement;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BenchRecordTest {
  private static final Machine MACHINE =
      new Machine("Some CPU @ 2.50GHz", 2, 8L << 30, "Linux 6.1", "OpenJDK 17");

  @TempDir
  Path folder;

  @Test
  void recordHasTheFormThatOldRecordsHave() throws Exception {
    Path file = folder.resolve("new/folder/put.json");

    JsonFile.write(file, record().toJson());

    var written = (ObjectNode) new ObjectMapper().readTree(file.toFile());
    ((ObjectNode) written.at("/runs/0")).put("histogram_ns", "…");
    try (var golden = BenchRecordTest.class.getResourceAsStream("bench-record.json")) {
      assertThat(golden).isNotNull();
      JsonNode expected =
          new ObjectMapper().readTree(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
      assertThat(written).isEqualTo(expected);
    }
    assertThat(Files.readString(file)).endsWith("}\n");
  }

  @Test
  void histogramIsReadBackFromTheRecord() throws Exception {
    String encoded = record().toJson().at("/runs/0/histogram_ns").asText();

    Histogram decoded = Histogram.decodeFromCompressedByteBuffer(
        ByteBuffer.wrap(Base64.getDecoder().decode(encoded)), 0);

    assertThat(decoded).isEqualTo(latencies());
  }

  private static BenchRecord record() {
    var measured = new Measurement(Duration.ofSeconds(2), latencies(), Map.of("Timeout: 10 s", 2L));
    Load load = Load.open(64, 500, Duration.ofSeconds(1), Duration.ofSeconds(2), 42);
    return new BenchRecord(
        "put",
        "syncline",
        new Provenance(
            Instant.parse("2025-01-02T03:04:05Z"), "syncline bench put", "abc123", MACHINE),
        42,
        Map.of("value_bytes", 256L, "keys", 10L),
        List.of(new Row("put", load, measured)),
        Map.of("conflicts", 1L));
  }

  private static Histogram latencies() {
    var latencies = new Histogram(1000, 3_600_000_000_000L, 3);
    latencies.recordValueWithCount(500_000, 900);
    latencies.recordValueWithCount(2_000_000, 99);
    latencies.recordValue(50_000_000);
    return latencies;
  }
}
