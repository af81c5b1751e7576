package io.syncline.bench.result;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a measurement was made.
 *
 * @param cpu the processor's model
 * @param cores as many as this process may use
 * @param memoryBytes 0 if unknown
 */
public record Machine(String cpu, int cores, long memoryBytes, String kernel, String jdk) {
  private static final String UNKNOWN = "unknown";
  private static final Pattern CPU_MODEL = Pattern.compile("(?m)^model name\\s*:\\s*(.+)$");
  private static final Pattern MEMORY_TOTAL = Pattern.compile("(?m)^MemTotal:\\s*(\\d+) kB$");

  /** This machine, as far as Linux tells. */
  public static Machine observe() {
    return new Machine(
        find("/proc/cpuinfo", CPU_MODEL, System.getProperty("os.arch", UNKNOWN)),
        Runtime.getRuntime().availableProcessors(),
        Long.parseLong(find("/proc/meminfo", MEMORY_TOTAL, "0")) * 1024,
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
  }

  private static String find(String file, Pattern pattern, String otherwise) {
    try {
      Matcher matcher = pattern.matcher(Files.readString(Path.of(file)));
      return matcher.find() ? matcher.group(1) : otherwise;
    } catch (IOException e) {
      return otherwise;
    }
  }

  public ObjectNode toJson() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("cpu", cpu)
        .put("cores", cores)
        .put("memory_bytes", memoryBytes)
        .put("kernel", kernel)
        .put("jdk", jdk);
  }
}
