package io.syncline.client;

import com.google.protobuf.ByteString;
import io.syncline.model.Revision;
import java.util.List;

/**
 * A part of a list.
 *
 * @param revision at which this page and those after it are read
 * @param nextPageToken to ask for the next page with; empty at the last
 */
public record Page<T>(List<T> items, Revision revision, ByteString nextPageToken) {
  public Page {
    items = List.copyOf(items);
  }

  public boolean isLast() {
    return nextPageToken.isEmpty();
  }
}
