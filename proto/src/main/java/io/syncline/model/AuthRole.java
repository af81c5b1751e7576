package io.syncline.model;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Permissions under a name.
 *
 * @param permissions in order of their keys; each range is named once
 */
public record AuthRole(String name, List<Permission> permissions) {
  /** Allows everything, whether or not it is there. */
  public static final String ROOT = "root";

  private static final Comparator<Permission> BY_KEY =
      Comparator.comparing(Permission::key, ByteString.unsignedLexicographicalComparator());

  public AuthRole {
    permissions = permissions.stream().sorted(BY_KEY).toList();
  }

  /** Takes the place of the one of the same range, if there is one. */
  AuthRole with(Permission granted) {
    var more = new ArrayList<>(without(granted.key(), granted.rangeEnd()).permissions);
    more.add(granted);
    return new AuthRole(name, more);
  }

  AuthRole without(ByteString key, ByteString rangeEnd) {
    return new AuthRole(
        name, permissions.stream().filter(p -> !p.isNamed(key, rangeEnd)).toList());
  }
}
