package io.syncline.conflict;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Resolves conflicts in a way of its own, as the strategy {@code custom:NAME}. Found by {@link
 * java.util.ServiceLoader}: a jar on the class path names its resolvers in {@code
 * META-INF/services/io.syncline.conflict.ConflictResolver}.
 *
 * <p>A resolver must be deterministic, without side effects and callable by several threads at
 * once. What it throws, a null, and a content beyond the allowed size leave the conflict open, with
 * the reason. Nothing bounds the time it takes: it should be over in milliseconds.
 */
public interface ConflictResolver {
  /** 1 to 64 characters a-z, 0-9 and -, always the same. */
  String name();

  Answer resolve(ConflictCase conflict);

  /** What a resolver decides. */
  sealed interface Answer {
    /**
     * @param content what is to be written; null: the key is to be deleted
     */
    record Content(@Nullable ByteString content) implements Answer {
      /** The size only: configuration may be secret. */
      @Override
      public String toString() {
        return content == null ? "deleted" : content.size() + " bytes";
      }
    }

    /**
     * @param reason one sentence for people, without any of the content
     */
    record LeaveOpen(String reason) implements Answer {}
  }
}
