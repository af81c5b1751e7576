package io.syncline.ops.command;

import com.google.protobuf.ByteString;
import io.syncline.model.Key;
import io.syncline.ops.ExitCode;
import io.syncline.ops.output.Json;
import io.syncline.ops.output.KeyText;
import io.syncline.ops.text.Sizes;
import io.syncline.proto.api.v1.Draft;
import io.syncline.proto.api.v1.Draft.State;
import java.io.PrintStream;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Shows drafts. */
final class DraftOutput {
  private DraftOutput() {}

  static int printMade(PrintStream out, boolean json, Draft draft, KeyText keyText) {
    if (json) {
      out.println(Json.line(fields(draft, keyText)));
    } else {
      out.println(line(draft, keyText) + "; waits for the cluster");
    }
    return ExitCode.DONE;
  }

  /** Which change of what. */
  static String line(Draft draft, KeyText keyText) {
    String base = draft.getBaseVersion() == 0 ? "no version" : "version " + draft.getBaseVersion();
    return "draft " + draft.getId() + ": " + change(draft) + " " + key(draft, keyText)
        + ", made from " + base + " by " + draft.getAuthor().getName();
  }

  static String change(Draft draft) {
    return draft.getDelete() ? "delete" : "put " + Sizes.rounded(draft.getSizeBytes());
  }

  static String key(Draft draft, KeyText keyText) {
    return keyText.show(new Key(draft.getKey()));
  }

  static String state(Draft draft) {
    return draft.getState().name().toLowerCase(Locale.ROOT);
  }

  static String became(Draft draft) {
    return draft.getState() == State.ACCEPTED
        ? "version " + draft.getVersion() + " at revision " + draft.getRevision()
        : draft.getState() == State.PENDING && draft.getDetail().isEmpty()
            ? "waits for the cluster"
            : draft.getDetail();
  }

  static Map<String, Object> fields(Draft draft, KeyText keyText) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("draft", draft.getId());
    fields.put("state", state(draft));
    fields.put("namespace", draft.getNamespace());
    fields.put("key", key(draft, keyText));
    fields.put("change", draft.getDelete() ? "delete" : "put");
    fields.put("base_version", draft.getBaseVersion());
    fields.put("head_version", draft.getHeadVersion());
    fields.put("version", draft.getVersion());
    fields.put("revision", draft.getRevision());
    fields.put("checksum", HexFormat.of().formatHex(draft.getChecksum().toByteArray()));
    fields.put("size_bytes", draft.getSizeBytes());
    fields.put("author", draft.getAuthor().getName());
    fields.put("reason", draft.getReason());
    fields.put("created_at", Instant.ofEpochMilli(draft.getCreatedAtMs()).toString());
    fields.put("on_conflict", draft.getOnConflict());
    fields.put("detail", draft.getDetail());
    return fields;
  }

  static String base64(ByteString bytes) {
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }
}
