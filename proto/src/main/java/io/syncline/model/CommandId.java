package io.syncline.model;

import com.google.protobuf.ByteString;

/**
 * Names one command of one client, so that a retry gives the first outcome again.
 *
 * @param clientId 16 bytes, drawn at random once per client
 * @param sequence unique within the client, from 1
 */
public record CommandId(ByteString clientId, long sequence) {
  public static final int CLIENT_ID_SIZE_BYTES = 16;

  /**
   * @throws IllegalArgumentException if the client id is not 16 bytes or the sequence not positive
   */
  public CommandId {
    if (clientId.size() != CLIENT_ID_SIZE_BYTES || sequence <= 0) {
      throw new IllegalArgumentException("command id: client id of "
          + clientId.size()
          + " bytes, sequence "
          + sequence
          + " (expected: 16 bytes, >= 1)");
    }
  }
}
