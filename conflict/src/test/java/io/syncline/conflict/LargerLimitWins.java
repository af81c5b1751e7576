package io.syncline.conflict;

import com.google.protobuf.ByteString;
import java.util.OptionalLong;

/** An example of a resolver: contents are one number each, and the larger one stays. */
public final class LargerLimitWins implements ConflictResolver {
  @Override
  public String name() {
    return "larger-limit-wins";
  }

  @Override
  public Answer resolve(ConflictCase conflict) {
    ByteString ours = conflict.sides().ours();
    ByteString theirs = conflict.sides().theirs();
    if (ours == null || theirs == null) {
      return new Answer.LeaveOpen("one side deleted the limit");
    }
    OptionalLong our = number(ours);
    OptionalLong their = number(theirs);
    if (our.isEmpty() || their.isEmpty()) {
      return new Answer.LeaveOpen("a side is no number");
    }
    return new Answer.Content(our.getAsLong() >= their.getAsLong() ? ours : theirs);
  }

  private static OptionalLong number(ByteString content) {
    String text = content.toStringUtf8().strip();
    return text.matches("[0-9]{1,18}")
        ? OptionalLong.of(Long.parseLong(text))
        : OptionalLong.empty();
  }
}
