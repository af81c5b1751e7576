package io.syncline.client;

import com.google.protobuf.ByteString;
import io.syncline.model.Consistency;
import io.syncline.model.KeyRange;
import io.syncline.model.NamespaceName;
import io.syncline.model.ReadAt;

/**
 * Which keys to list, in their order.
 *
 * @param at now, at a revision or at a time
 * @param pageSize versions a page, at most 10,000; 0: 1,000. A page also ends at 4 MiB of contents
 * @param pageToken of the page before; empty: the first page
 * @param withContent whether versions carry contents
 * @param withDeleted whether deleted keys are listed, as their tombstones
 */
public record ListQuery(
    NamespaceName namespace,
    KeyRange range,
    ReadAt at,
    Consistency consistency,
    int pageSize,
    ByteString pageToken,
    boolean withContent,
    boolean withDeleted) {

  /**
   * @throws IllegalArgumentException if the page size is negative, or if a version is given to read at
   */
  public ListQuery {
    if (pageSize < 0) {
      throw new IllegalArgumentException("page size: " + pageSize + " (expected: >= 0)");
    }
    if (at instanceof ReadAt.AtVersion) {
      throw new IllegalArgumentException(
          "list at a version: versions are counted per key (expected: now, a revision or a time)");
    }
  }

  /** The live keys of the namespace as they are now, linearizable, with contents. */
  public static ListQuery of(NamespaceName namespace) {
    return new ListQuery(
        namespace,
        KeyRange.ALL,
        ReadAt.NOW,
        Consistency.LINEARIZABLE,
        0,
        ByteString.EMPTY,
        true,
        false);
  }

  public ListQuery withRange(KeyRange range) {
    return new ListQuery(
        namespace, range, at, consistency, pageSize, pageToken, withContent, withDeleted);
  }

  public ListQuery withAt(ReadAt at) {
    return new ListQuery(
        namespace, range, at, consistency, pageSize, pageToken, withContent, withDeleted);
  }

  public ListQuery withConsistency(Consistency consistency) {
    return new ListQuery(
        namespace, range, at, consistency, pageSize, pageToken, withContent, withDeleted);
  }

  public ListQuery withPageSize(int pageSize) {
    return new ListQuery(
        namespace, range, at, consistency, pageSize, pageToken, withContent, withDeleted);
  }

  public ListQuery withPageToken(ByteString pageToken) {
    return new ListQuery(
        namespace, range, at, consistency, pageSize, pageToken, withContent, withDeleted);
  }

  public ListQuery withContent(boolean withContent) {
    return new ListQuery(
        namespace, range, at, consistency, pageSize, pageToken, withContent, withDeleted);
  }

  public ListQuery withDeleted(boolean withDeleted) {
    return new ListQuery(
        namespace, range, at, consistency, pageSize, pageToken, withContent, withDeleted);
  }
}
