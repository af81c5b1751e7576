package io.syncline.model;

import java.util.List;
import java.util.function.Predicate;

/** What all roles of one user come to. Immutable. */
public record Permissions(KeyRanges readable, KeyRanges writable) {
  public static final Permissions ALL = new Permissions(KeyRanges.ALL, KeyRanges.ALL);

  static Permissions of(List<Permission> granted) {
    return new Permissions(
        union(granted, Permission::allowsRead), union(granted, Permission::allowsWrite));
  }

  private static KeyRanges union(List<Permission> granted, Predicate<Permission> allows) {
    return KeyRanges.of(granted.stream().filter(allows).map(Permission::keys).toList());
  }

  public boolean allowRead(KeyRange keys) {
    return readable.containsAll(keys);
  }

  public boolean allowWrite(KeyRange keys) {
    return writable.containsAll(keys);
  }
}
