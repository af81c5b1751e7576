package io.syncline.client;

import com.google.protobuf.ByteString;
import io.syncline.model.Consistency;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;

/**
 * Which versions of a key to list.
 *
 * @param newestFirst whether the newest version comes first, instead of the oldest
 * @param pageSize versions a page, at most 10,000; 0: 1,000. A page also ends at 4 MiB of contents
 * @param pageToken of the page before; empty: the first page
 * @param withContent whether versions carry contents
 */
public record HistoryQuery(
    NamespaceName namespace,
    Key key,
    boolean newestFirst,
    Consistency consistency,
    int pageSize,
    ByteString pageToken,
    boolean withContent) {

  /**
   * @throws IllegalArgumentException if the page size is negative
   */
  public HistoryQuery {
    if (pageSize < 0) {
      throw new IllegalArgumentException("page size: " + pageSize + " (expected: >= 0)");
    }
  }

  /** All kept versions of the key, oldest first, linearizable, with contents. */
  public static HistoryQuery of(NamespaceName namespace, Key key) {
    return new HistoryQuery(
        namespace, key, false, Consistency.LINEARIZABLE, 0, ByteString.EMPTY, true);
  }

  public HistoryQuery withNewestFirst(boolean newestFirst) {
    return new HistoryQuery(
        namespace, key, newestFirst, consistency, pageSize, pageToken, withContent);
  }

  public HistoryQuery withConsistency(Consistency consistency) {
    return new HistoryQuery(
        namespace, key, newestFirst, consistency, pageSize, pageToken, withContent);
  }

  public HistoryQuery withPageSize(int pageSize) {
    return new HistoryQuery(
        namespace, key, newestFirst, consistency, pageSize, pageToken, withContent);
  }

  public HistoryQuery withPageToken(ByteString pageToken) {
    return new HistoryQuery(
        namespace, key, newestFirst, consistency, pageSize, pageToken, withContent);
  }

  public HistoryQuery withContent(boolean withContent) {
    return new HistoryQuery(
        namespace, key, newestFirst, consistency, pageSize, pageToken, withContent);
  }
}
