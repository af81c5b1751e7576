package io.syncline.server.read;

import io.syncline.model.ConfigVersion;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects versions up to a number and to {@link Reads#MAX_PAGE_BYTES}, but always one. */
final class PageBuilder {
  private final int maxVersions;
  private final boolean withContent;
  private final List<ConfigVersion> versions = new ArrayList<>();
  private long bytes;
  private @Nullable ConfigVersion firstLeftOut;

  PageBuilder(int maxVersions, boolean withContent) {
    this.maxVersions = maxVersions;
    this.withContent = withContent;
  }

  /**
   * @return whether there was room; if not, the page is full
   */
  boolean add(ConfigVersion version) {
    ConfigVersion shown = withContent ? version : version.withoutContent();
    long size = (long) shown.key().bytes().size()
        + shown.content().size()
        + shown.reason().length();
    boolean full = versions.size() >= maxVersions
        || (!versions.isEmpty() && bytes + size > Reads.MAX_PAGE_BYTES);
    if (full) {
      firstLeftOut = version;
      return false;
    }
    versions.add(shown);
    bytes += size;
    return true;
  }

  List<ConfigVersion> versions() {
    return versions;
  }

  /** Where the next page begins; null if nothing was left out. */
  @Nullable
  ConfigVersion firstLeftOut() {
    return firstLeftOut;
  }
}
