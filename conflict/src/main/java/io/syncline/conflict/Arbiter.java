package io.syncline.conflict;

import com.google.protobuf.ByteString;
import io.syncline.conflict.merge.MergeOptions;
import io.syncline.conflict.merge.MergeResult;
import io.syncline.conflict.merge.ThreeWayMerge;
import java.util.Collections;
import java.util.List;
import java.util.ServiceLoader;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Resolves conflicts by strategy. Any thread may call it. */
public final class Arbiter {
  private final TreeMap<String, ConflictResolver> resolvers = new TreeMap<>();
  private final MergeOptions options;

  /**
   * @param resolvers those that custom strategies may name
   * @param options of merges; the largest content holds for custom resolvers, too
   * @throws IllegalArgumentException if a resolver's name is malformed or stands twice
   */
  public Arbiter(Iterable<? extends ConflictResolver> resolvers, MergeOptions options) {
    this.options = options;
    for (ConflictResolver resolver : resolvers) {
      String name = resolver.name();
      if (!Strategy.isResolverName(name)) {
        throw new IllegalArgumentException("resolver: name \"" + name + "\" of "
            + resolver.getClass().getName() + " (expected: 1 to 64 characters a-z, 0-9 and -)");
      }
      ConflictResolver other = this.resolvers.putIfAbsent(name, resolver);
      if (other != null) {
        throw new IllegalArgumentException("resolver: " + name + " is the name of "
            + other.getClass().getName() + " and of " + resolver.getClass().getName()
            + " (expected: each name once)");
      }
    }
  }

  /**
   * With the resolvers on the class path.
   *
   * @throws java.util.ServiceConfigurationError if one cannot be loaded
   */
  public static Arbiter ofClassPath(MergeOptions options) {
    return new Arbiter(ServiceLoader.load(ConflictResolver.class), options);
  }

  /** The names that custom strategies may use. */
  public SortedSet<String> resolvers() {
    return Collections.unmodifiableSortedSet(resolvers.navigableKeySet());
  }

  public Resolution resolve(ConflictCase conflict, Strategy strategy) {
    return switch (strategy.kind()) {
      case REJECT -> new Resolution.Refused(strategy, "conflicts are rejected: " + conflict.type());
      case ACCEPT_SOURCE ->
        new Resolution.Resolved(conflict.sides().ours(), strategy, "the leader's content stays");
      case ACCEPT_TARGET ->
        new Resolution.Resolved(
            conflict.sides().theirs(), strategy, "the incoming content is taken");
      case MERGE -> merge(conflict, strategy);
      case MANUAL -> new Resolution.Open(strategy, "left for a person to resolve", List.of());
      case CUSTOM -> custom(conflict, strategy);
    };
  }

  private Resolution merge(ConflictCase conflict, Strategy strategy) {
    MergeResult result = ThreeWayMerge.merge(conflict.sides(), conflict.format(), options);
    if (result instanceof MergeResult.Merged merged) {
      String detail = "merged as " + merged.format() + " by " + merged.method();
      return new Resolution.Resolved(merged.content(), strategy, noted(detail, merged.note()));
    }
    if (result instanceof MergeResult.Conflicted conflicted) {
      int paths = conflicted.conflicts().size();
      String reason = "not certain: " + paths + (paths == 1 ? " path" : " paths") + " in conflict";
      return new Resolution.Open(
          strategy, noted(reason, conflicted.note()), conflicted.conflicts());
    }
    return new Resolution.Open(
        strategy, "not merged: " + ((MergeResult.Refused) result).reason(), List.of());
  }

  private static String noted(String text, String note) {
    return note.isEmpty() ? text : text + "; " + note;
  }

  private Resolution custom(ConflictCase conflict, Strategy strategy) {
    ConflictResolver resolver = resolvers.get(strategy.resolver());
    if (resolver == null) {
      return open(strategy, "there is no resolver of this name (known: " + resolvers() + ")");
    }
    ConflictResolver.@Nullable Answer answer;
    try {
      answer = resolver.resolve(conflict);
    } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
      // The message may quote the content, which must not reach a record or a log.
      return open(strategy, "the resolver failed: " + e.getClass().getName());
    }
    if (answer == null) {
      return open(strategy, "the resolver gave null");
    }
    return answer instanceof ConflictResolver.Answer.LeaveOpen open
        ? open(strategy, open.reason())
        : content(strategy, ((ConflictResolver.Answer.Content) answer).content());
  }

  private Resolution content(Strategy strategy, @Nullable ByteString content) {
    if (content != null && content.size() > options.maxSizeBytes()) {
      return open(
          strategy,
          "the resolver gave " + content.size() + " bytes (expected: at most "
              + options.maxSizeBytes() + ")");
    }
    return new Resolution.Resolved(content, strategy, "decided by the resolver");
  }

  private static Resolution open(Strategy strategy, String reason) {
    return new Resolution.Open(strategy, reason, List.of());
  }
}
