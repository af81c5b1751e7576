package io.syncline.bench.result;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a result needs to be understood, and made again, later.
 *
 * @param command the command line, as one would type it
 * @param commit of the checkout the measurement ran from, {@code +changes} if it had any; null outside
 *     of one
 */
public record Provenance(
    Instant startedAt, String command, @Nullable String commit, Machine machine) {

  /**
   * Here and now.
   *
   * @param directory looked at for the commit
   */
  public static Provenance observe(List<String> command, Path directory) {
    return new Provenance(
        Instant.now().truncatedTo(ChronoUnit.SECONDS),
        "syncline " + String.join(" ", command),
        commit(directory),
        Machine.observe());
  }

  private static @Nullable String commit(Path directory) {
    try {
      Process git = new ProcessBuilder(
              "git", "describe", "--always", "--exclude=*", "--abbrev=40", "--dirty=+changes")
          .directory(directory.toFile())
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
      String commit = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return git.waitFor() == 0 && !commit.isBlank() ? commit.strip() : null;
    } catch (IOException e) {
      // no git on this machine
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("started_at", startedAt.toString()).put("command", command);
    if (commit != null) {
      json.put("commit", commit);
    }
    json.set("machine", machine.toJson());
    return json;
  }
}
