package io.syncline.ops.command;

import io.syncline.ops.ExitCode;
import io.syncline.ops.output.Terminal;
import io.syncline.ops.settings.Catalogue;
import io.syncline.ops.settings.InvalidSetting;
import io.syncline.ops.settings.ServerSettings;
import io.syncline.ops.settings.Setting;
import io.syncline.ops.settings.SettingsReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "server",
    description = {
      "Runs a voter until it is interrupted.",
      "Settings are taken from flags, else from the environment, else from the YAML file, else they"
          + " have their defaults.",
      "Exit codes: 0 interrupted, 1 refused to start, 2 bad settings, 4 stopped by a fault."
    },
    footer = {
      "  syncline server --data /var/lib/syncline",
      "  syncline server --config /etc/syncline.yaml --name v2",
      "  syncline server --name v1 --listen 10.0.0.1:7400 --raft-listen 10.0.0.1:7500 \\",
      "    --voters v1=10.0.0.1:7400/10.0.0.1:7500,v2=10.0.0.2:7400/10.0.0.2:7500"
    })
final class ServerCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "A YAML file with settings by their names below, without the dashes.")
  @Nullable
  Path config;

  @Option(
      names = "--print-settings-reference",
      description = "Print docs/SETTINGS.md, which describes all settings, and end.")
  boolean printReference;

  @Option(names = "--exit-with-parent", hidden = true, paramLabel = "PID")
  @Nullable
  Long parentPid;

  @Mixin
  HelpOption help;

  @Spec
  CommandSpec spec;

  /** The flag of a setting. Its text is read with that of the other places, not by picocli. */
  static OptionSpec option(Setting<?> setting) {
    return OptionSpec.builder(setting.flag())
        .type(String.class)
        .paramLabel(setting.type().label())
        .description(
            setting.help(),
            "Accepted: "
                + setting.type().expected()
                + ". Default: "
                + setting.defaultText()
                + ". Variable: "
                + setting.variable())
        .build();
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Terminal terminal = SynclineCommand.terminal(spec);
    if (printReference) {
      terminal.out().print(SettingsReference.markdown());
      return ExitCode.DONE;
    }
    return new NodeProcess(terminal).run(settings(terminal).voter(), parentPid);
  }

  private ServerSettings settings(Terminal terminal) throws IOException {
    byte[] yaml = config == null ? new byte[0] : read(config);
    String file = config == null ? "" : config.toString();
    return ServerSettings.resolve(file, yaml, terminal.environment(), flags());
  }

  private static byte[] read(Path config) throws IOException {
    if (!Files.isRegularFile(config)) {
      throw new InvalidSetting("--config: " + config + ": no such file (expected: a YAML file)");
    }
    return Files.readAllBytes(config);
  }

  private Map<String, String> flags() {
    var flags = new HashMap<String, String>();
    for (Setting<?> setting : Catalogue.ALL) {
      String text =
          spec.commandLine().getParseResult().matchedOptionValue(setting.flag(), (String) null);
      if (text != null) {
        flags.put(setting.name(), text);
      }
    }
    return flags;
  }
}
