package io.syncline.conflict;

import com.google.protobuf.ByteString;
import io.syncline.conflict.merge.PathConflict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of a conflict. */
public sealed interface Resolution {
  Strategy strategy();

  /**
   * A content is to be written as the key's next version, on the condition that ours is still its
   * head.
   *
   * @param content null: the key is to be deleted
   * @param detail how it was come by, one line without any of the content
   */
  record Resolved(@Nullable ByteString content, Strategy strategy, String detail)
      implements Resolution {
    /** The size only: configuration may be secret. */
    @Override
    public String toString() {
      String size = content == null ? "deleted" : content.size() + " bytes";
      return "resolved by " + strategy + ", " + size + ": " + detail;
    }
  }

  /**
   * Nothing is written; the conflict is recorded and waits.
   *
   * @param reason one line without any of the content
   * @param conflicts the paths in conflict, if a merge told them
   */
  record Open(Strategy strategy, String reason, List<PathConflict> conflicts)
      implements Resolution {
    public Open {
      conflicts = List.copyOf(conflicts);
    }
  }

  /** Nothing is written and nothing waits: the incoming change is refused. */
  record Refused(Strategy strategy, String reason) implements Resolution {}
}
