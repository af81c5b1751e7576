package io.syncline.client;

import io.syncline.model.Conflict;
import io.syncline.model.ConflictType;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import java.time.Duration;
import java.util.Optional;

/**
 * Which conflicts to list, newest first.
 *
 * @param node the follower that they come from
 * @param minAge found at least so long ago; zero: any
 * @param maxAge found at most so long ago; zero: any
 * @param pageSize at most 1,000; 0: 100
 */
public record ConflictQuery(
    Optional<NamespaceName> namespace,
    Optional<Key> key,
    Optional<ConflictType> type,
    Optional<Conflict.State> state,
    Optional<String> node,
    Duration minAge,
    Duration maxAge,
    int pageSize) {
  public static final ConflictQuery ALL = new ConflictQuery(
      Optional.empty(),
      Optional.empty(),
      Optional.empty(),
      Optional.empty(),
      Optional.empty(),
      Duration.ZERO,
      Duration.ZERO,
      0);

  /** Those that wait to be resolved. */
  public static final ConflictQuery OPEN = ALL.withState(Conflict.State.OPEN);

  public ConflictQuery withState(Conflict.State wanted) {
    return new ConflictQuery(
        namespace, key, type, Optional.of(wanted), node, minAge, maxAge, pageSize);
  }

  public ConflictQuery withKey(NamespaceName of, Key wanted) {
    return new ConflictQuery(
        Optional.of(of), Optional.of(wanted), type, state, node, minAge, maxAge, pageSize);
  }
}
