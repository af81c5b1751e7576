package io.syncline.server.conflict;

import com.google.protobuf.ByteString;
import io.syncline.conflict.Arbiter;
import io.syncline.conflict.ConflictCase;
import io.syncline.conflict.ConflictResolver;
import io.syncline.conflict.Resolution;
import io.syncline.conflict.Strategy;
import io.syncline.conflict.merge.MergeOptions;
import io.syncline.conflict.merge.MergeSides;
import io.syncline.model.Command.Content;
import io.syncline.model.ConfigVersion;
import io.syncline.model.ConflictPath;
import io.syncline.model.ConflictType;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.NamespaceRecord;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Settlement;
import io.syncline.model.Settlement.Act;
import io.syncline.model.Version;
import io.syncline.server.store.Store;
import io.syncline.server.store.StoreReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * Thinks out what is to become of a conflict, on the state as it is: whether it still is so is decided
 * in the log. Any thread.
 */
final class Deliberation {
  private static final List<String> LIST_KEYS = MergeOptions.DEFAULT.idKeys();

  private final Store store;
  private final int maxContentBytes;
  private final List<ConflictResolver> resolvers = new ArrayList<>();

  /**
   * Loads the resolvers on the class path.
   *
   * @param maxContentBytes of what a merge may make
   */
  Deliberation(Store store, int maxContentBytes) {
    this.store = store;
    this.maxContentBytes = maxContentBytes;
    ServiceLoader.load(ConflictResolver.class).forEach(resolvers::add);
  }

  /**
   * What came in.
   *
   * @param theirs null: the key is to be deleted
   */
  record Contested(
      ConflictType type,
      NamespaceName namespace,
      Key key,
      @Nullable Content theirs) {}

  /** The key as it is. */
  record Present(
      NamespaceRecord namespace, @Nullable ConfigVersion head, Optional<ByteString> base) {
    Version version() {
      return head == null ? Version.NONE : head.version();
    }

    @Nullable
    ByteString content() {
      return head == null || head.tombstone() ? null : head.content();
    }

    Present withBase(Optional<ByteString> other) {
      return new Present(namespace, head, other);
    }
  }

  /**
   * Reads the key as it is now.
   *
   * @param base the version whose content is to come with it; {@link Version#NONE}: none
   * @throws RejectedException if there is no such namespace
   */
  Present present(NamespaceName name, Key key, Version base) {
    return store.readSnapshot(reader -> {
      NamespaceRecord namespace = store
          .namespace(name)
          .orElseThrow(() -> new RejectedException(Rejection.namespaceNotFound(name.value())));
      ConfigVersion head = reader.head(namespace.id(), key);
      return new Present(namespace, head, contentOf(reader, namespace, head, key, base));
    });
  }

  private static Optional<ByteString> contentOf(
      StoreReader reader,
      NamespaceRecord namespace,
      @Nullable ConfigVersion head,
      Key key,
      Version wanted) {
    if (head == null || !wanted.exists() || head.version().isBefore(wanted)) {
      return Optional.empty();
    }
    ConfigVersion found =
        wanted.equals(head.version()) ? head : reader.version(namespace.id(), key, wanted);
    return found == null || found.tombstone() ? Optional.empty() : Optional.of(found.content());
  }

  /** What is to become of a conflict, and the paths that stand against a merge. */
  record Decided(Settlement settlement, List<ConflictPath> paths) {}

  /** Applies a strategy. May take long: a merge. */
  Decided decide(Contested contested, Present present, Strategy strategy) {
    Content theirs = contested.theirs;
    ByteString content = theirs == null ? null : theirs.bytes();
    String contentType = contentType(theirs == null ? "" : theirs.contentType(), present.head);
    var sides = new MergeSides(present.base.orElse(null), present.content(), content);
    Resolution resolution = arbiter(present.namespace)
        .resolve(
            new ConflictCase(
                contested.type, contested.namespace, contested.key, contentType, sides),
            strategy);
    if (resolution instanceof Resolution.Open open) {
      return new Decided(
          new Settlement(Act.LEAVE_OPEN, strategy.toString(), open.reason()), paths(open));
    }
    if (resolution instanceof Resolution.Refused refused) {
      return new Decided(
          new Settlement(Act.REJECT, strategy.toString(), refused.reason()), List.of());
    }
    return new Decided(
        settlement((Resolution.Resolved) resolution, contentType, present.content()), List.of());
  }

  /** What a person has decided. */
  static Settlement byHand(ByteString content, String contentType, Present present) {
    var resolved = new Resolution.Resolved(content, Strategy.MANUAL, "decided by a person");
    return settlement(resolved, contentType(contentType, present.head), present.content());
  }

  private static Settlement settlement(
      Resolution.Resolved resolved, String contentType, @Nullable ByteString ours) {
    ByteString content = resolved.content();
    String strategy = resolved.strategy().toString();
    if (content == null ? ours == null : content.equals(ours)) {
      return new Settlement(Act.KEEP, strategy, resolved.detail());
    }
    return content == null
        ? new Settlement(Act.DELETE, strategy, resolved.detail())
        : new Settlement(Act.WRITE, Content.of(content, contentType), strategy, resolved.detail());
  }

  private static String contentType(String given, @Nullable ConfigVersion head) {
    return given.isEmpty() && head != null ? head.contentType() : given;
  }

  private static List<ConflictPath> paths(Resolution.Open open) {
    return open.conflicts().stream()
        .limit(ConflictPath.MAX_COUNT)
        .map(path -> new ConflictPath(
            path.path(), path.cause().name().toLowerCase(Locale.ROOT).replace('_', ' ')))
        .toList();
  }

  private Arbiter arbiter(NamespaceRecord namespace) {
    List<String> keys = namespace.settings().listKeys();
    return new Arbiter(
        resolvers,
        MergeOptions.DEFAULT
            .withMaxSizeBytes(maxContentBytes)
            .withIdKeys(keys.isEmpty() ? LIST_KEYS : keys));
  }
}
