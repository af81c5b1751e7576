package io.syncline.model;

/**
 * Where something listens.
 *
 * @param host a name or address; IPv6 without brackets
 * @param port 0 (any free one, for listening only) to 65,535
 */
public record Endpoint(String host, int port) {

  /**
   * @throws IllegalArgumentException if the host is empty or the port out of range
   */
  public Endpoint {
    if (host.isEmpty() || port < 0 || port > 65535) {
      throw new IllegalArgumentException(
          "endpoint: host \"" + host + "\", port " + port + " (expected: host:port)");
    }
  }

  /**
   * Reads {@code host:port} or {@code [ipv6]:port}.
   *
   * @throws IllegalArgumentException if the text has another form
   */
  public static Endpoint parse(String text) {
    int colon = text.lastIndexOf(':');
    try {
      if (colon > 0) {
        String host = text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (bracketed || host.indexOf(':') < 0) {
          return new Endpoint(
              bracketed ? host.substring(1, host.length() - 1) : host,
              Integer.parseInt(text.substring(colon + 1)));
        }
      }
    } catch (NumberFormatException e) {
      // told below, with the whole text
    }
    throw new IllegalArgumentException("endpoint: \"" + text + "\" (expected: host:port)");
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
