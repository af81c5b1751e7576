package io.syncline.ops.imports;

/** A line that cannot be imported. The message tells what is wrong, not where. */
final class MalformedImport extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedImport(String message) {
    super(message, null, false, false);
  }
}
