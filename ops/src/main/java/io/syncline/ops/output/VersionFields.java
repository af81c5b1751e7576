package io.syncline.ops.output;

import io.syncline.model.ConfigVersion;
import io.syncline.ops.text.Utf8;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A version as the fields of a JSON object: a contract that scripts rely on. */
public final class VersionFields {
  private VersionFields() {}

  /**
   * {@code version, revision, checksum, created_at, created_by, reason, tombstone, size_bytes} are
   * always there; {@code content_type, rollback_of, source_time} where they say something.
   */
  public static Map<String, Object> of(ConfigVersion version) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("version", version.version().value());
    fields.put("revision", version.revision().value());
    fields.put("checksum", version.checksum().toString());
    fields.put("created_at", version.createdAt().toString());
    fields.put("created_by", version.createdBy().name());
    fields.put("reason", version.reason());
    fields.put("tombstone", version.tombstone());
    fields.put("size_bytes", version.sizeBytes());
    if (!version.contentType().isEmpty()) {
      fields.put("content_type", version.contentType());
    }
    Optional.ofNullable(version.rollbackOf())
        .ifPresent(of -> fields.put("rollback_of", of.value()));
    Optional.ofNullable(version.sourceTime())
        .ifPresent(time -> fields.put("source_time", time.toString()));
    return fields;
  }

  /** The same, preceded by the key. */
  public static Map<String, Object> withKey(ConfigVersion version, KeyText keyText) {
    var fields = new LinkedHashMap<String, Object>();
    keyText.addTo(fields, version.key());
    fields.putAll(of(version));
    return fields;
  }

  /** Adds {@code content}, or {@code content_base64} if it is no UTF-8; nothing for a tombstone. */
  public static void addContent(Map<String, Object> fields, ConfigVersion version) {
    if (version.live()) {
      Utf8.text(version.content())
          .ifPresentOrElse(
              text -> fields.put("content", text),
              () -> fields.put(
                  "content_base64",
                  Base64.getEncoder().encodeToString(version.content().toByteArray())));
    }
  }
}
