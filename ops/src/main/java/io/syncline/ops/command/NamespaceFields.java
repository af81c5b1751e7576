package io.syncline.ops.command;

import io.syncline.model.Namespace;
import io.syncline.ops.text.Durations;
import java.util.LinkedHashMap;
import java.util.Map;

/** A namespace as the fields of a JSON object, and the words for its retention. */
final class NamespaceFields {
  private NamespaceFields() {}

  static Map<String, Object> of(Namespace namespace) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("name", namespace.name().value());
    fields.put("retain_age_ms", namespace.settings().retainAge().toMillis());
    fields.put("retain_versions", namespace.settings().retainVersions());
    fields.put("on_conflict", namespace.settings().onConflict());
    fields.put("list_keys", namespace.settings().listKeys());
    fields.put("created_at", namespace.createdAt().toString());
    fields.put("created_by", namespace.createdBy().name());
    fields.put("live_keys", namespace.liveKeys());
    fields.put("live_bytes", namespace.liveBytes());
    fields.put("changes", namespace.changes());
    fields.put("revision", namespace.revision().value());
    fields.put("horizon", namespace.horizon().value());
    fields.put("digest", namespace.digest().toString());
    return fields;
  }

  static String retainAge(Namespace namespace) {
    return namespace.settings().retainAge().isZero()
        ? "all"
        : Durations.format(namespace.settings().retainAge());
  }

  static String onConflict(Namespace namespace) {
    String strategy = namespace.settings().onConflict();
    return strategy.isEmpty() ? "refused, not recorded" : strategy;
  }

  static String retainVersions(Namespace namespace) {
    long versions = namespace.settings().retainVersions();
    return versions == 0 ? "all" : Long.toString(versions);
  }
}
