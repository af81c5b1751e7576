package io.syncline.ops.output;

import com.google.protobuf.ByteString;
import io.syncline.model.Key;
import io.syncline.ops.text.Utf8;
import java.util.HexFormat;
import java.util.Map;

/**
 * How keys are shown.
 *
 * @param hex as hexadecimal digits, instead of as UTF-8 text
 */
public record KeyText(boolean hex) {
  public static final KeyText UTF_8 = new KeyText(false);

  public String show(Key key) {
    return hex ? hex(key.bytes()) : key.toString();
  }

  /** Adds {@code key}; and {@code key_hex}, if the key is no text and so {@code key} is inexact. */
  public void addTo(Map<String, Object> fields, Key key) {
    fields.put("key", hex ? hex(key.bytes()) : Utf8.text(key.bytes()).orElse(key.toString()));
    if (!hex && Utf8.text(key.bytes()).isEmpty()) {
      fields.put("key_hex", hex(key.bytes()));
    }
  }

  private static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }
}
