package io.syncline.client;

import com.google.protobuf.ByteString;
import io.syncline.model.CommandId;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Gives each write of one client its id. */
final class CommandIds {
  private final ByteString clientId;
  private final AtomicLong sequence = new AtomicLong();

  CommandIds() {
    var random = new byte[CommandId.CLIENT_ID_SIZE_BYTES];
    new SecureRandom().nextBytes(random);
    clientId = ByteString.copyFrom(random);
  }

  CommandId next() {
    return new CommandId(clientId, sequence.incrementAndGet());
  }
}
