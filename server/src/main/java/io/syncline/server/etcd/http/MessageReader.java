package io.syncline.server.etcd.http;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes a message of JSON as leniently as etcd's gateway does: fields by either name, the one in
 * lowerCamelCase first; unknown fields are skipped; whole numbers as such or in quotes; enums by name or
 * number, also an unknown one; bytes as base64 or as an array of numbers; null is not there.
 *
 * <p>Not the JSON of the Protobuf library, whose leniency is another: it takes URL-safe base64, numbers
 * such as 1e2, and enums whose number is in quotes.
 */
final class MessageReader {
  private static final String MAP = "map[string]json.RawMessage";
  private static final String LIST = "[]json.RawMessage";

  private MessageReader() {}

  /**
   * @throws MalformedJson if a field's value is none for it
   */
  static Message read(Message prototype, JsonValue value) throws MalformedJson {
    Message.Builder message = prototype.newBuilderForType();
    fill(message, value);
    return message.build();
  }

  private static void fill(Message.Builder message, JsonValue value) throws MalformedJson {
    if (value instanceof JsonValue.Null) {
      return;
    }
    if (!(value instanceof JsonValue.Members members)) {
      throw MalformedJson.wrongKind(value.kind(), MAP);
    }
    List<FieldDescriptor> fields = message.getDescriptorForType().getFields();
    // in this order, for of several mistakes the first is told
    for (FieldDescriptor field : fields) {
      if (field.getContainingOneof() == null) {
        set(message, field, named(members, field));
      }
    }
    for (FieldDescriptor field : fields) {
      if (field.getContainingOneof() != null) {
        set(message, field, named(members, field));
      }
    }
  }

  private static @Nullable JsonValue named(JsonValue.Members members, FieldDescriptor field) {
    JsonValue camel = members.members().get(field.getJsonName());
    return camel != null ? camel : members.members().get(field.getName());
  }

  private static void set(Message.Builder message, FieldDescriptor field, @Nullable JsonValue value)
      throws MalformedJson {
    if (value == null) {
      return;
    }
    boolean isNull = value instanceof JsonValue.Null;
    if (field.isRepeated()) {
      if (!isNull) {
        addAll(message, field, value);
      }
    } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
      if (!isNull) {
        message.setField(field, one(message, field, value));
      }
    } else if (!isNull || field.getContainingOneof() != null) {
      message.setField(field, one(message, field, value));
    }
  }

  private static void addAll(Message.Builder message, FieldDescriptor field, JsonValue value)
      throws MalformedJson {
    if (!(value instanceof JsonValue.Elements elements)) {
      throw MalformedJson.wrongKind(value.kind(), LIST);
    }
    for (JsonValue element : elements.elements()) {
      message.addRepeatedField(field, one(message, field, element));
    }
  }

  private static Object one(Message.Builder message, FieldDescriptor field, JsonValue value)
      throws MalformedJson {
    if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
      Message.Builder inner = message.newBuilderForField(field);
      fill(inner, value);
      return inner.build();
    }
    if (value instanceof JsonValue.Null) {
      return zero(field);
    }
    return switch (field.getType()) {
      case ENUM -> enumValue(field.getEnumType(), value);
      case BYTES -> bytes(value);
      case STRING -> string(value);
      case BOOL -> bool(value);
      default -> WholeNumber.of(field.getType()).read(value);
    };
  }

  private static Object zero(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case INT -> 0;
      case LONG -> 0L;
      case BOOLEAN -> false;
      case STRING -> "";
      case BYTE_STRING -> ByteString.EMPTY;
      case ENUM -> field.getEnumType().getValues().get(0);
      default -> throw new IllegalArgumentException("field: " + field + " (expected: a scalar)");
    };
  }

  private static EnumValueDescriptor enumValue(EnumDescriptor type, JsonValue value)
      throws MalformedJson {
    if (value instanceof JsonValue.Text name) {
      EnumValueDescriptor known = type.findValueByName(name.raw());
      if (known == null) {
        throw new MalformedJson(
            "unknown value " + GatewayJson.goQuoted(name.raw()) + " for enum " + goName(type));
      }
      return known;
    }
    long number = WholeNumber.parse(value, goName(type), Integer.MIN_VALUE, Integer.MAX_VALUE);
    return type.findValueByNumberCreatingIfUnknown((int) number);
  }

  private static String goName(EnumDescriptor type) {
    var name = new StringBuilder(type.getName());
    for (Descriptor outer = type.getContainingType();
        outer != null;
        outer = outer.getContainingType()) {
      name.insert(0, outer.getName() + "_");
    }
    return type.getFile().getPackage() + "." + name;
  }

  private static ByteString bytes(JsonValue value) throws MalformedJson {
    if (value instanceof JsonValue.Text text) {
      return Base64Text.decode(text.unescaped());
    }
    if (!(value instanceof JsonValue.Elements elements)) {
      throw MalformedJson.wrongKind(value.kind(), "[]uint8");
    }
    var octets = ByteString.newOutput(elements.elements().size());
    for (JsonValue element : elements.elements()) {
      octets.write((int) WholeNumber.parse(element, "uint8", 0, 255));
    }
    return octets.toByteString();
  }

  private static String string(JsonValue value) throws MalformedJson {
    if (value instanceof JsonValue.Text text) {
      return text.unescaped();
    }
    throw MalformedJson.wrongKind(value.kind(), "string");
  }

  private static boolean bool(JsonValue value) throws MalformedJson {
    if (value instanceof JsonValue.Bool bool) {
      return bool.value();
    }
    throw MalformedJson.wrongKind(value.kind(), "bool");
  }
}
