package io.syncline.server.etcd.http;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import java.util.List;

/**
 * Writes messages as etcd's gateway does: fields by the names of the .proto, in its order; zero values
 * left out; 64-bit numbers in quotes; enums by name; bytes as base64.
 */
final class GatewayJson {
  private static final int USUAL_CHARS = 512;

  private GatewayJson() {}

  static String of(MessageOrBuilder message) {
    var json = new StringBuilder(USUAL_CHARS);
    append(json, message);
    return json.toString();
  }

  private static void append(StringBuilder json, MessageOrBuilder message) {
    json.append('{');
    char between = 0;
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      boolean there =
          field.isRepeated() ? message.getRepeatedFieldCount(field) > 0 : message.hasField(field);
      if (!there) {
        continue;
      }
      if (between != 0) {
        json.append(between);
      }
      between = ',';
      json.append('"').append(field.getName()).append("\":");
      if (field.isRepeated()) {
        appendList(json, field, (List<?>) message.getField(field));
      } else {
        append(json, field, message.getField(field));
      }
    }
    json.append('}');
  }

  private static void appendList(StringBuilder json, FieldDescriptor field, List<?> elements) {
    json.append('[');
    for (int i = 0; i < elements.size(); i++) {
      if (i > 0) {
        json.append(',');
      }
      append(json, field, elements.get(i));
    }
    json.append(']');
  }

  private static void append(StringBuilder json, FieldDescriptor field, Object value) {
    switch (field.getType()) {
      case MESSAGE -> append(json, (Message) value);
      case BYTES ->
        json.append('"').append(Base64Text.encode((ByteString) value)).append('"');
      case STRING -> appendQuoted(json, (String) value);
      case ENUM -> appendEnum(json, (EnumValueDescriptor) value);
      case INT64, SINT64, SFIXED64 -> json.append('"').append(value).append('"');
      case UINT64, FIXED64 ->
        json.append('"').append(Long.toUnsignedString((Long) value)).append('"');
      case UINT32, FIXED32 -> json.append(Integer.toUnsignedString((Integer) value));
      default -> json.append(value);
    }
  }

  private static void appendEnum(StringBuilder json, EnumValueDescriptor value) {
    if (value.getIndex() < 0) {
      json.append(value.getNumber());
    } else {
      json.append('"').append(value.getName()).append('"');
    }
  }

  /** Text as a string of JSON; what HTML would mistake is escaped. */
  static String quoted(String text) {
    var json = new StringBuilder(text.length() + 2);
    appendQuoted(json, text);
    return json.toString();
  }

  private static void appendQuoted(StringBuilder json, String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> json.append('\\').append(c);
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        case '<', '>', '&', '\u2028', '\u2029' -> json.append("\\u%04x".formatted((int) c));
        default -> {
          if (c < ' ') {
            json.append("\\u%04x".formatted((int) c));
          } else {
            json.append(c);
          }
        }
      }
    }
    json.append('"');
  }

  /** Text in quotes as it stands within refusals. */
  static String goQuoted(String text) {
    var quoted = new StringBuilder(text.length() + 2).append('"');
    text.chars().forEach(c -> {
      if (c == '"' || c == '\\') {
        quoted.append('\\').append((char) c);
      } else if (c == 0x7f) {
        quoted.append("\\x7f");
      } else {
        quoted.append((char) c);
      }
    });
    return quoted.append('"').toString();
  }
}
