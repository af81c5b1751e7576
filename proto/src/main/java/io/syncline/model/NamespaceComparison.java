package io.syncline.model;

import java.util.List;

/**
 * What came out when a copy of one namespace was compared with what it is a copy of, key by key where
 * the digests differ.
 *
 * @param at the revision compared at
 * @param differences keys that differed
 * @param named the first of them
 * @param repaired how many of them are as they must be now
 */
public record NamespaceComparison(
    NamespaceName namespace, Revision at, long differences, List<Difference> named, long repaired) {
  /** So many differences are named. */
  public static final int MAX_NAMED = 100;

  /** How one key differed. */
  public record Difference(Key key, Kind kind) {
    @Override
    public String toString() {
      return key + " (" + kind.described + ")";
    }
  }

  /** In which way a key differed. */
  public enum Kind {
    MISSING("missing"),
    /** It must not be there. */
    EXTRA("extra"),
    OTHER_VERSION("another version"),
    /** The version is the right one, its content is not. */
    OTHER_CONTENT("another content");

    private final String described;

    Kind(String described) {
      this.described = described;
    }
  }

  public NamespaceComparison {
    named = List.copyOf(named);
  }
}
