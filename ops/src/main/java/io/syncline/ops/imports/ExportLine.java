package io.syncline.ops.imports;

import io.syncline.model.ConfigVersion;
import io.syncline.ops.output.Json;
import io.syncline.ops.output.KeyText;
import io.syncline.ops.output.VersionFields;
import java.time.Instant;
import java.util.LinkedHashMap;

/** Writes one version as the JSON line that an import reads. */
final class ExportLine {
  private ExportLine() {}

  /**
   * @param version with its content
   */
  static String of(ConfigVersion version) {
    var fields = new LinkedHashMap<String, Object>();
    KeyText.UTF_8.addTo(fields, version.key());
    fields.put("op", version.tombstone() ? "delete" : "put");
    fields.put("time", time(version));
    fields.put("change", version.reason());
    if (version.live()) {
      fields.put("content_type", version.contentType());
    }
    VersionFields.addContent(fields, version);
    return Json.line(fields);
  }

  private static Object time(ConfigVersion version) {
    Instant time = version.sourceTime() == null ? version.createdAt() : version.sourceTime();
    return time.getNano() == 0 ? (Object) time.getEpochSecond() : time.toString();
  }
}
