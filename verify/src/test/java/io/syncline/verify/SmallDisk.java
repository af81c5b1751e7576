package io.syncline.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A folder on a file system of its own, in memory, whose size can be changed. Needs root on Linux. */
final class SmallDisk implements AutoCloseable {
  private final Path folder;

  private SmallDisk(Path folder) {
    this.folder = folder;
  }

  /**
   * Makes the folder and mounts the disk there; skips the test where that cannot be done.
   *
   * @param size as {@code mount} takes it, such as {@code 200m}
   */
  static SmallDisk mount(Path folder, String size) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Outcome mounted;
    try {
      mounted = run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", folder.toString());
    } catch (IOException e) {
      mounted = new Outcome(-1, String.valueOf(e.getMessage()));
    }
    assumeTrue(
        mounted.code == 0,
        "skipped: cannot mount a tmpfs, which needs root on Linux: " + mounted.output.strip());
    return new SmallDisk(folder);
  }

  void resize(String size) throws IOException, InterruptedException {
    require(run("mount", "-o", "remount,size=" + size, folder.toString()), "remount");
  }

  /** Leaves no byte of it, with a file of its own. */
  void fill() throws IOException {
    byte[] block = new byte[1 << 12];
    try (var out = Files.newOutputStream(folder.resolve("ballast"))) {
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      assertThat(e).hasMessage("No space left on device");
    }
  }

  /** Takes it away, also from under whoever still has files open there. */
  @Override
  public void close() throws IOException, InterruptedException {
    require(run("umount", "-l", folder.toString()), "umount");
  }

  private record Outcome(int code, String output) {}

  private static Outcome run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Outcome(process.waitFor(), output);
  }

  private static void require(Outcome outcome, String what) {
    assertThat(outcome.code).as("exit code of %s: %s", what, outcome.output).isZero();
  }
}
