package io.syncline.ops.demo;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;

/** What somebody types to run this program again. */
final class CommandName {
  private static final String NAME = "syncline";

  private CommandName() {}

  /** The plain name if it is on the PATH, else the launcher's path from the working directory. */
  static String find(Map<String, String> environment, String classPath) {
    boolean onPath = Arrays.stream(
            environment.getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .filter(folder -> !folder.isEmpty())
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, NAME)));
    if (onPath) {
      return NAME;
    }
    Path library = Path.of(classPath.split(File.pathSeparator, 2)[0]).toAbsolutePath();
    return Stream.iterate(library.getParent(), folder -> folder != null, Path::getParent)
        .map(folder -> folder.resolve("bin").resolve(NAME))
        .filter(Files::isExecutable)
        .reduce((inner, outer) -> outer)
        .map(CommandName::fromHere)
        .orElse(NAME);
  }

  private static String fromHere(Path launcher) {
    Path here = Path.of("").toAbsolutePath();
    return launcher.startsWith(here) ? here.relativize(launcher).toString() : launcher.toString();
  }
}
