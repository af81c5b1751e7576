package io.syncline.ops.imports;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.google.protobuf.ByteString;
import io.syncline.model.Key;
import io.syncline.model.ProposedCommand;
import io.syncline.ops.settings.Catalogue;
import io.syncline.ops.text.ContentTypes;
import io.syncline.ops.text.Times;
import io.syncline.ops.text.Utf8;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON line: {@code key} or {@code key_hex}; {@code op}, which is put or delete; of a put
 * {@code content} or {@code content_base64}, and maybe {@code content_type}; maybe {@code time}, in
 * seconds since 1970 or as ISO-8601; maybe {@code change}, the reason. Other fields are let pass.
 */
final class LineJson {
  private static final JsonFactory FACTORY = JsonFactory.builder()
      .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
      .streamReadConstraints(StreamReadConstraints.builder()
          .maxStringLength(JsonLines.MAX_LINE_BYTES)
          .maxNumberLength(40)
          .build())
      .build();

  private static final Set<String> TEXT_FIELDS =
      Set.of("key", "key_hex", "op", "content", "content_base64", "content_type", "change");

  /** Years 0 to 9999, what ISO-8601 can write. */
  private static final BigDecimal LEAST_SECONDS = new BigDecimal(-62_167_219_200L);

  private static final BigDecimal MOST_SECONDS = new BigDecimal(253_402_300_799L);

  private final Map<String, String> texts = new HashMap<>();
  private @Nullable Instant time;

  private LineJson() {}

  static ImportLine parse(String where, String json, String defaultReason) throws MalformedImport {
    var line = new LineJson();
    line.read(json);
    return line.toLine(where, defaultReason);
  }

  private void read(String json) throws MalformedImport {
    try (JsonParser parser = FACTORY.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new MalformedImport("no JSON object (expected: {\"key\": …, \"op\": …})");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        readField(parser, name);
      }
      if (parser.nextToken() != null) {
        throw new MalformedImport("more than one JSON value (expected: one object a line)");
      }
    } catch (JsonEOFException e) {
      throw new MalformedImport("the JSON is cut off (expected: a whole object)");
    } catch (JsonProcessingException e) {
      throw new MalformedImport("malformed JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new MalformedImport("malformed JSON: " + e.getMessage());
    }
  }

  private void readField(JsonParser parser, String name) throws IOException, MalformedImport {
    JsonToken token = parser.currentToken();
    if (TEXT_FIELDS.contains(name)) {
      if (token == JsonToken.VALUE_STRING) {
        texts.put(name, parser.getText());
      } else if (token != JsonToken.VALUE_NULL) {
        throw new MalformedImport(name + ": no text (expected: a JSON string)");
      }
    } else if (name.equals("time")) {
      readTime(parser, token);
    } else {
      parser.skipChildren();
    }
  }

  private void readTime(JsonParser parser, JsonToken token) throws IOException, MalformedImport {
    if (token == JsonToken.VALUE_STRING) {
      try {
        time = Times.parse(parser.getText());
      } catch (IllegalArgumentException e) {
        throw new MalformedImport("time: " + e.getMessage());
      }
    } else if (token.isNumeric()) {
      BigDecimal seconds = parser.getDecimalValue();
      if (seconds.compareTo(LEAST_SECONDS) < 0 || seconds.compareTo(MOST_SECONDS) > 0) {
        throw new MalformedImport("time: " + parser.getText()
            + " (expected: seconds since 1970, in the years 0 to 9999)");
      }
      time = Instant.ofEpochMilli(
          seconds.movePointRight(3).setScale(0, RoundingMode.FLOOR).longValueExact());
    } else if (token != JsonToken.VALUE_NULL) {
      throw new MalformedImport("time: no time (expected: seconds since 1970, or ISO-8601 text)");
    }
  }

  private ImportLine toLine(String where, String defaultReason) throws MalformedImport {
    Key key = key();
    String reason = texts.getOrDefault("change", defaultReason);
    if (reason.length() > ProposedCommand.MAX_REASON_LENGTH) {
      throw new MalformedImport("change: "
          + reason.length()
          + " characters (expected: at most "
          + ProposedCommand.MAX_REASON_LENGTH
          + ")");
    }
    utf8("change", reason);
    String op = texts.getOrDefault("op", "");
    if (op.equals("put")) {
      return ImportLine.put(where, key, content(), contentType(key), time, reason);
    }
    if (op.equals("delete")) {
      return ImportLine.delete(where, key, time, reason);
    }
    throw new MalformedImport(
        texts.containsKey("op")
            ? "op: \"" + op + "\" (expected: put or delete)"
            : "op: missing (expected: put or delete)");
  }

  private Key key() throws MalformedImport {
    String text = texts.get("key");
    String hex = texts.get("key_hex");
    if (text == null && hex == null) {
      throw new MalformedImport("key: missing (expected: a JSON string)");
    }
    try {
      return new Key(
          hex == null
              ? utf8("key", Optional.ofNullable(text).orElse(""))
              : ByteString.copyFrom(HexFormat.of().parseHex(hex)));
    } catch (IllegalArgumentException e) {
      throw new MalformedImport(
          hex == null
              ? String.valueOf(e.getMessage())
              : "key_hex: \"" + hex + "\" (expected: 1 to 4,096 pairs of hexadecimal digits)");
    }
  }

  private ByteString content() throws MalformedImport {
    String text = texts.get("content");
    String base64 = texts.get("content_base64");
    if (text == null && base64 == null) {
      throw new MalformedImport("content: missing (expected: a JSON string, for op put)");
    }
    ByteString content =
        base64 == null ? utf8("content", Optional.ofNullable(text).orElse("")) : decode(base64);
    if (content.size() > Catalogue.LARGEST_CONTENT_BYTES) {
      throw new MalformedImport("content: "
          + content.size()
          + " bytes (expected: at most "
          + Catalogue.LARGEST_CONTENT_BYTES
          + ")");
    }
    return content;
  }

  private static ByteString decode(String base64) throws MalformedImport {
    try {
      return ByteString.copyFrom(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      throw new MalformedImport("content_base64: no Base64 (expected: RFC 4648)");
    }
  }

  private static ByteString utf8(String field, String text) throws MalformedImport {
    return Utf8.bytes(text)
        .orElseThrow(() -> new MalformedImport(
            field + ": half of a surrogate pair (expected: text that UTF-8 can carry)"));
  }

  private String contentType(Key key) {
    return texts.getOrDefault("content_type", ContentTypes.ofName(key.toString()));
  }
}
