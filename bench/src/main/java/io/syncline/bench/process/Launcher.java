package io.syncline.bench.process;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** The {@code syncline} command of the distribution this program was started from. */
public final class Launcher {
  private Launcher() {}

  public static Path find() {
    try {
      Path jar = Path.of(
          Launcher.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return jar.resolveSibling("../bin/syncline").normalize();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("this program's own place cannot be told", e);
    }
  }
}
