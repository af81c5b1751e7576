package io.syncline.model;

import java.util.List;

/**
 * What a {@link RangeQuery} found.
 *
 * @param revision of the state, whatever revision was asked for
 * @param versions live ones, in the order asked for
 * @param more whether the limit left some out
 * @param count of all keys in the range, whatever was left out
 */
public record RangeResult(
    Revision revision, List<ConfigVersion> versions, boolean more, long count) {
  public RangeResult {
    versions = List.copyOf(versions);
  }
}
