package io.syncline.client;

import com.google.protobuf.ByteString;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Revision;
import java.util.List;

/**
 * A part of a key's history.
 *
 * @param revision the answer reflects
 * @param nextPageToken to ask for the next page with; empty at the last
 * @param truncated whether older versions existed and were compacted away
 */
public record HistoryPage(
    List<ConfigVersion> versions, Revision revision, ByteString nextPageToken, boolean truncated) {
  public HistoryPage {
    versions = List.copyOf(versions);
  }

  public boolean isLast() {
    return nextPageToken.isEmpty();
  }
}
