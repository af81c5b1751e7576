package io.syncline.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where something listens.
 *
 * @param host a name or address; IPv6 without brackets
 * @param port 0 (any free one, for listening only) to 65,535
 */
public record Endpoint(String host, int port) {
  private static final Pattern FORM =
      Pattern.compile("(?:\\[([^\\[\\]]+)]|([^:\\[\\]]+)):([0-9]{1,5})");

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
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException("endpoint: \"" + text + "\" (expected: host:port)");
    }
    String host = form.group(1) != null ? form.group(1) : form.group(2);
    return new Endpoint(host, Integer.parseInt(form.group(3)));
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
