package io.syncline.ops.output;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a command reads from and writes to.
 *
 * @param out results, UTF-8; nothing else goes there
 * @param err progress and failures, UTF-8
 * @param environment variables, by name
 * @param inIsTerminal whether somebody types there
 * @param outIsTerminal whether somebody reads there, not a file or a program
 * @param errIsTerminal whether somebody reads there
 */
public record Terminal(
    PrintStream out,
    PrintStream err,
    InputStream in,
    Map<String, String> environment,
    boolean inIsTerminal,
    boolean outIsTerminal,
    boolean errIsTerminal) {

  private static final int OUT_BUFFER_BYTES = 64 << 10;

  public Terminal {
    environment = Map.copyOf(environment);
  }

  /** This process's own. */
  public static Terminal ofProcess() {
    var out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), OUT_BUFFER_BYTES);
    var err = new FileOutputStream(FileDescriptor.err);
    return new Terminal(
        new PrintStream(new FailingOutput(out), false, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        System.in,
        System.getenv(),
        isTerminal(0),
        isTerminal(1),
        isTerminal(2));
  }

  /** Streams of which none is a terminal. */
  public static Terminal of(
      PrintStream out, PrintStream err, InputStream in, Map<String, String> environment) {
    return new Terminal(out, err, in, environment, false, false, false);
  }

  private static boolean isTerminal(int descriptor) {
    Path link = Path.of("/proc/self/fd/" + descriptor);
    try {
      String target = Files.readSymbolicLink(link).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException e) {
      // Not Linux: nothing is coloured, nothing asked.
      return false;
    }
  }

  /** Whether results may carry colours: on a terminal, unless {@code NO_COLOR} is set. */
  public boolean coloursOut() {
    return outIsTerminal
        && environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !"dumb".equals(environment.get("TERM"));
  }
}
