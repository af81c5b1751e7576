package io.syncline.server;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A store for each test, that commands are applied to. */
public abstract class AppliedStoreFixture {
  @TempDir
  protected Path folder;

  protected AppliedStore store;

  @BeforeEach
  void openStore() {
    store = new AppliedStore(folder);
  }

  @AfterEach
  void closeStore() {
    store.close();
  }
}
