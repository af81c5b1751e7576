package io.syncline.server.etcd.http;

/** A request that cannot be read: says why in etcd's words. */
final class MalformedJson extends Exception {
  private static final long serialVersionUID = 1;

  MalformedJson(String message) {
    super(message);
  }

  /** A value of one kind where another is due. */
  static MalformedJson wrongKind(String kind, String expectedType) {
    return new MalformedJson(
        "json: cannot unmarshal " + kind + " into Go value of type " + expectedType);
  }
}
