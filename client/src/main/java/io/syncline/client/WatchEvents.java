package io.syncline.client;

import io.syncline.codec.ApiCodec;

/** Reads events off the wire. */
final class WatchEvents {
  private WatchEvents() {}

  /**
   * @throws IllegalArgumentException if the event is of a type this client does not know
   */
  static WatchEvent toDomain(io.syncline.proto.api.v1.WatchEvent event) {
    return new WatchEvent(
        type(event.getType()),
        ApiCodec.toDomain(event.getVersion()),
        event.hasPrevious() ? ApiCodec.toDomain(event.getPrevious()) : null);
  }

  private static WatchEvent.Type type(io.syncline.proto.api.v1.WatchEvent.Type type) {
    return switch (type) {
      case PUT -> WatchEvent.Type.PUT;
      case REPLACE -> WatchEvent.Type.REPLACE;
      case DELETE -> WatchEvent.Type.DELETE;
      case TYPE_UNSPECIFIED, UNRECOGNIZED ->
        throw new IllegalArgumentException(
            "event type: " + type + " (expected: PUT, REPLACE or DELETE); update the client");
    };
  }
}
