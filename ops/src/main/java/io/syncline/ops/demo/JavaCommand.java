package io.syncline.ops.demo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** How this program is started once more: the same Java, the same class path. */
final class JavaCommand {
  private static final String MAIN_CLASS = "io.syncline.ops.Main";
  private static final int NATIVE_ACCESS_SINCE = 22;
  private static final int UNSAFE_ACCESS_SINCE = 24;

  private JavaCommand() {}

  /**
   * @param environment may have further options for Java, which win
   * @param options for Java
   * @param arguments of the command
   */
  static List<String> of(
      Map<String, String> environment, List<String> options, List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    int java = Runtime.version().feature();
    if (java >= NATIVE_ACCESS_SINCE) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    if (java >= UNSAFE_ACCESS_SINCE) {
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    Arrays.stream(environment.getOrDefault("SYNCLINE_JAVA_OPTS", "").split("\\s+", -1))
        .filter(option -> !option.isEmpty())
        .forEach(command::add);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(MAIN_CLASS);
    command.addAll(arguments);
    return command;
  }
}
