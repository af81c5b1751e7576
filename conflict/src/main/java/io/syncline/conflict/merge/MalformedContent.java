package io.syncline.conflict.merge;

/** The content cannot be read in its format, or not so that its meaning is certain. */
final class MalformedContent extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param reason ends the sentence "it is no YAML: …"
   */
  MalformedContent(String reason) {
    super(reason, null, false, false);
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
