package io.syncline.client.sync;

import io.syncline.model.Subscription;
import io.syncline.proto.sync.v1.FollowerStatus;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Who follows.
 *
 * @param id unique among all followers of a cluster
 * @param address where it can be reached, for people and tools; empty: nowhere
 * @param durable whether the copy is on disk, and waited for by {@code --wait-followers}
 * @param downstream those that follow it in turn; asked on the loop
 */
public record Self(
    String id,
    Subscription subscription,
    String address,
    boolean durable,
    Supplier<List<FollowerStatus>> downstream) {
  private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

  /**
   * @throws IllegalArgumentException if the id has not the stated form
   */
  public Self {
    requireId(id);
  }

  /**
   * @throws IllegalArgumentException if the id has not the stated form
   */
  public static void requireId(String id) {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("follower id: \""
          + (id.length() <= 80 ? id : id.substring(0, 80) + "…")
          + "\" (expected: 1 to 63 lower-case letters, digits, '.', '_' or '-', beginning with a"
          + " letter or digit)");
    }
  }
}
