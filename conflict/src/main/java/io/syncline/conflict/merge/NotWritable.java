package io.syncline.conflict.merge;

/** A change has no place in the text that it is to be written into. */
final class NotWritable extends Exception {
  private static final long serialVersionUID = 1L;

  NotWritable() {
    super("a change has no place in the text", null, false, false);
  }
}
