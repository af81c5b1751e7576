package io.syncline.conflict.merge;

import com.google.protobuf.ByteString;
import io.syncline.model.Key;
import java.util.Locale;
import java.util.Optional;

/** How a content is read in order to be merged. Stated or named by the key, never guessed from bytes. */
public enum Format {
  JSON("json"),
  YAML("yaml"),
  PROPERTIES("properties"),
  /** By line, with no structure known: also INI, TOML, XML and whatever else. */
  TEXT("text");

  private final String text;

  Format(String text) {
    this.text = text;
  }

  /**
   * The format by content type; without one that is known, by the extension of the key; else text.
   *
   * @param contentType a media type with or without parameters, or empty
   */
  public static Format of(String contentType, Key key) {
    return ofContentType(contentType)
        .or(() -> ofExtension(lastBytes(key.bytes())))
        .orElse(TEXT);
  }

  /** The format of a file by the extension of its name; else text. */
  public static Format ofName(String name) {
    return ofExtension(name).orElse(TEXT);
  }

  /**
   * @throws IllegalArgumentException if no format is called so
   */
  public static Format parse(String text) {
    for (Format format : values()) {
      if (format.text.equals(text)) {
        return format;
      }
    }
    throw new IllegalArgumentException(
        "format: \"" + text + "\" (expected: json, yaml, properties or text)");
  }

  private static Optional<Format> ofContentType(String contentType) {
    int parameters = contentType.indexOf(';');
    String type = (parameters < 0 ? contentType : contentType.substring(0, parameters))
        .strip()
        .toLowerCase(Locale.ROOT);
    return switch (type) {
      case "application/json", "text/json" -> Optional.of(JSON);
      case "application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml" ->
        Optional.of(YAML);
      case "text/x-java-properties", "text/x-properties" -> Optional.of(PROPERTIES);
      default -> ofSuffixOrText(type);
    };
  }

  /** {@code +json} and {@code +yaml} (RFC 6839, RFC 9512). What is plain text may be named better by its key. */
  private static Optional<Format> ofSuffixOrText(String type) {
    if (type.endsWith("+json")) {
      return Optional.of(JSON);
    }
    if (type.endsWith("+yaml")) {
      return Optional.of(YAML);
    }
    boolean unsaid =
        type.isEmpty() || type.equals("text/plain") || type.equals("application/octet-stream");
    return unsaid ? Optional.empty() : Optional.of(TEXT);
  }

  private static Optional<Format> ofExtension(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.endsWith(".json")) {
      return Optional.of(JSON);
    }
    if (lower.endsWith(".yaml") || lower.endsWith(".yml")) {
      return Optional.of(YAML);
    }
    return lower.endsWith(".properties") ? Optional.of(PROPERTIES) : Optional.empty();
  }

  private static String lastBytes(ByteString key) {
    int longestExtensionBytes = 16;
    return key.substring(Math.max(0, key.size() - longestExtensionBytes)).toStringUtf8();
  }

  @Override
  public String toString() {
    return text;
  }
}
