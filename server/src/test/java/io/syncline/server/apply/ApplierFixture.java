package io.syncline.server.apply;

import static io.syncline.server.Commands.DEFAULT;

import io.syncline.model.ConfigVersion;
import io.syncline.model.Key;
import io.syncline.model.NamespaceRecord;
import io.syncline.model.Version;
import io.syncline.server.AppliedStoreFixture;

/** A store that commands are applied to. */
abstract class ApplierFixture extends AppliedStoreFixture {
  NamespaceRecord namespace() {
    return store.namespace(DEFAULT);
  }

  ConfigVersion versionOf(String key, long version) {
    ConfigVersion found =
        store.store().read(r -> r.version(namespace().id(), Key.of(key), new Version(version)));
    if (found == null) {
      throw new AssertionError("no version " + version + " of " + key);
    }
    return found;
  }
}
