package io.syncline.server.node;

import com.google.protobuf.ByteString;
import io.syncline.conflict.ConflictCase;
import io.syncline.conflict.ConflictResolver;

/** The strategy {@code custom:both}: one content after the other. */
public final class BothSides implements ConflictResolver {
  @Override
  public String name() {
    return "both";
  }

  @Override
  public Answer resolve(ConflictCase conflict) {
    ByteString ours = conflict.sides().ours();
    ByteString theirs = conflict.sides().theirs();
    return ours == null || theirs == null
        ? new Answer.LeaveOpen("one side is deleted")
        : new Answer.Content(ours.concat(theirs));
  }
}
