package io.syncline.server.store;

import io.syncline.model.Revision;

/** Where in the change log a version stands. */
public record ChangePlace(Revision revision, int subIndex) {
  byte[] encode() {
    return StoreKeys.change(revision, subIndex);
  }
}
