package io.syncline.ops.imports;

import io.syncline.model.ConfigVersion;
import io.syncline.model.Key;
import java.io.IOException;
import java.util.List;

/** Where an export goes. */
interface ExportTarget extends AutoCloseable {

  /**
   * Called once before anything is written.
   *
   * @throws io.syncline.ops.RefusedException if these keys cannot all go there
   */
  void check(List<Key> keys) throws IOException;

  /** Takes a version with its content. */
  void write(ConfigVersion version) throws IOException;

  /** All was written: only now an export that replaces a file does so. */
  void finish() throws IOException;

  /** Leaves nothing half-done behind, if it was not finished. */
  @Override
  void close() throws IOException;
}
