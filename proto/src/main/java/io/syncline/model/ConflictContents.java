package io.syncline.model;

import com.google.protobuf.ByteString;
import java.util.Optional;

/**
 * The contents of a conflict, as they were when it was found.
 *
 * @param base empty: there was none, it was a deletion, or its history is gone
 * @param ours empty: the key did not exist or was deleted
 * @param theirs empty: the incoming change is a deletion
 */
public record ConflictContents(
    Optional<ByteString> base, Optional<ByteString> ours, Optional<ByteString> theirs) {
  /** The sizes only: configuration may be secret. */
  @Override
  public String toString() {
    return "ConflictContents[base=" + size(base) + ", ours=" + size(ours) + ", theirs="
        + size(theirs) + "]";
  }

  private static String size(Optional<ByteString> content) {
    return content.map(bytes -> bytes.size() + " bytes").orElse("none");
  }
}
