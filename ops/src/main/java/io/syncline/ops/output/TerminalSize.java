package io.syncline.ops.output;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** How much fits on the terminal. */
public record TerminalSize(int columns, int rows) {
  /** Where nobody watches there is no height: everything is shown. */
  private static final TerminalSize UNBOUNDED = new TerminalSize(200, 10_000);

  private static final TerminalSize USUAL = new TerminalSize(80, 24);
  private static final long LIMIT_SECONDS = 2;

  /** Asks each time: windows are resized. */
  public static TerminalSize of(Terminal terminal) {
    if (!terminal.outIsTerminal()) {
      return UNBOUNDED;
    }
    try {
      Process stty = new ProcessBuilder("stty", "size")
          .redirectInput(ProcessBuilder.Redirect.INHERIT)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
      String[] words = new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
          .strip()
          .split(" ", -1);
      if (stty.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) && words.length == 2) {
        return new TerminalSize(Integer.parseInt(words[1]), Integer.parseInt(words[0]));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | NumberFormatException e) {
      // no stty, or no terminal to type at
    }
    return USUAL;
  }
}
