package io.syncline.ops.command;

import com.google.protobuf.ByteString;
import io.syncline.model.Key;
import io.syncline.ops.UsageException;
import io.syncline.ops.output.KeyText;
import io.syncline.ops.text.Utf8;
import java.util.HexFormat;
import picocli.CommandLine.Option;

/** How keys are given and shown. */
final class KeyOptions {
  @Option(
      names = "--hex-key",
      description = "Give and show keys as hexadecimal digits, instead of as UTF-8 text.")
  boolean hex;

  Key key(String text) {
    try {
      return new Key(bytes(text));
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  /** A key, or the beginning of one; may be empty. */
  ByteString bytes(String text) {
    if (!hex) {
      return Utf8.bytes(text)
          .orElseThrow(
              () -> new UsageException("key: no UTF-8 text (expected: UTF-8, or --hex-key)"));
    }
    try {
      return ByteString.copyFrom(HexFormat.of().parseHex(text));
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "key: \"" + text + "\" (expected, with --hex-key: pairs of hexadecimal digits)");
    }
  }

  KeyText text() {
    return new KeyText(hex);
  }
}
