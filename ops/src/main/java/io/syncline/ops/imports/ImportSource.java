package io.syncline.ops.imports;

import java.io.IOException;

/** Changes to import, in order. Can be read several times, with the same outcome. */
interface ImportSource {

  /** For messages. */
  String name();

  /**
   * Reads all changes.
   *
   * @throws io.syncline.ops.RefusedException if something is malformed; says what and where
   */
  void forEach(LineReceiver receiver) throws IOException, InterruptedException;

  /** Takes the changes one by one. */
  @FunctionalInterface
  interface LineReceiver {
    void accept(ImportLine line) throws IOException, InterruptedException;
  }
}
