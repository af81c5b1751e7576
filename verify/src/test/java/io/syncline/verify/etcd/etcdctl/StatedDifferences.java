package io.syncline.verify.etcd.etcdctl;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/** Which commands answer otherwise than with etcd, and why: the sections of a resource. */
record StatedDifferences(Map<String, String> reasons) {
  private static final String RESOURCE = "/etcdctl-differences.md";
  private static final Pattern SECTION = Pattern.compile("(?m)^## `(.+)`$\\n+((?:(?!#).*\\n?)+)");

  static StatedDifferences read() {
    try (InputStream in = StatedDifferences.class.getResourceAsStream(RESOURCE)) {
      return parse(
          new String(Objects.requireNonNull(in, RESOURCE).readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static StatedDifferences none() {
    return new StatedDifferences(Map.of());
  }

  /** Each section is named by a command and holds the reason. */
  static StatedDifferences parse(String text) {
    var reasons = new LinkedHashMap<String, String>();
    SECTION.matcher(text).results().forEach(section -> {
      String reason = section.group(2).strip();
      if (reason.isEmpty() || reasons.put(section.group(1), reason) != null) {
        throw new IllegalArgumentException(
            RESOURCE + ": " + section.group(1) + " (expected: once, with a reason)");
      }
    });
    return new StatedDifferences(reasons);
  }
}
