package io.syncline.model;

/**
 * Where two contents contradict each other.
 *
 * @param path as the format writes paths; of text, lines
 * @param cause why, in a few words, without any of the contents
 */
public record ConflictPath(String path, String cause) {
  /** The most that a record keeps. */
  public static final int MAX_COUNT = 100;

  private static final int MAX_LENGTH = 512;

  public ConflictPath {
    path = shortened(path);
    cause = shortened(cause);
  }

  private static String shortened(String text) {
    return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH - 1) + "…";
  }
}
