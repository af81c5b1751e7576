package io.syncline.verify.etcd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.Base64;
import java.util.List;

/** Writes requests as JSON, in any of the spellings that the gateway has to understand. */
final class RequestJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Way way;

  private RequestJson(Way way) {
    this.way = way;
  }

  static ObjectNode of(Message message, Way way) {
    return new RequestJson(way).object(message);
  }

  private ObjectNode object(Message message) {
    ObjectNode object = NODES.objectNode();
    message.getAllFields().forEach((field, value) -> {
      String name = way.camelCase() ? field.getJsonName() : field.getName();
      object.set(name, field.isRepeated() ? array(field, (List<?>) value) : single(field, value));
    });
    return object;
  }

  private ArrayNode array(FieldDescriptor field, List<?> values) {
    ArrayNode array = NODES.arrayNode();
    values.forEach(value -> array.add(single(field, value)));
    return array;
  }

  private JsonNode single(FieldDescriptor field, Object value) {
    return switch (field.getJavaType()) {
      case MESSAGE -> object((Message) value);
      case BYTE_STRING ->
        NODES.textNode(Base64.getEncoder().encodeToString(((ByteString) value).toByteArray()));
      case ENUM -> enumValue((EnumValueDescriptor) value);
      case LONG ->
        way.bareNumbers() ? NODES.numberNode((Long) value) : NODES.textNode(value.toString());
      case INT -> NODES.numberNode((Integer) value);
      case BOOLEAN -> NODES.booleanNode((Boolean) value);
      case STRING -> NODES.textNode((String) value);
      case FLOAT, DOUBLE -> throw new IllegalArgumentException(field.getFullName());
    };
  }

  /** What no name stands for can only be a number. */
  private JsonNode enumValue(EnumValueDescriptor value) {
    boolean unknown = value.getIndex() < 0;
    return way.enumNumbers() || unknown
        ? NODES.numberNode(value.getNumber())
        : NODES.textNode(value.getName());
  }
}
