package io.syncline.model;

import java.util.regex.Pattern;

/**
 * The name of a namespace: 1 to 63 lower-case letters, digits, '.', '_' and '-', beginning with a
 * letter or digit.
 */
public record NamespaceName(String value) implements Comparable<NamespaceName> {
  private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

  /** Exists from the start. Stands after what it is checked with. */
  public static final NamespaceName DEFAULT = new NamespaceName("default");

  /**
   * @throws IllegalArgumentException if the name has not the stated form
   */
  public NamespaceName {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("namespace: \""
          + abbreviated(value)
          + "\" (expected: 1 to 63 lower-case letters, digits, '.', '_' or '-', beginning with a"
          + " letter or digit)");
    }
  }

  private static String abbreviated(String value) {
    return value.length() <= 80 ? value : value.substring(0, 80) + "…";
  }

  @Override
  public int compareTo(NamespaceName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
