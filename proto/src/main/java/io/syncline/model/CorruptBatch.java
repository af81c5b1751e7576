package io.syncline.model;

/**
 * What was received is not what was sent: a batch, a chunk or a content does not match its checksum.
 * The message names the revisions, and the namespace and key where they can be told. Nothing of it was
 * applied.
 */
public final class CorruptBatch extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CorruptBatch(String message) {
    super(message);
  }
}
