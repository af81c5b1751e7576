package io.syncline.ops.settings;

import java.util.stream.Collectors;

/** Writes docs/SETTINGS.md. */
public final class SettingsReference {
  private SettingsReference() {}

  public static String markdown() {
    return """
        # Settings of a voter

        Written by `syncline server --print-settings-reference` from the code that reads the settings; \
        a test compares the two.

        A setting is taken from the first of these places that gives it: a flag (`--max-content 2MiB`), \
        an environment variable (`SYNCLINE_MAX_CONTENT=2MiB`), the YAML file named by `--config FILE` \
        (`max-content: 2MiB`), the default. A key that the YAML file should not have is refused, and so \
        is a value that is not accepted, wherever it stands: exit code 2.

        %s
        Sizes are bytes, or have a unit: `KiB`, `MiB`, `GiB` (powers of 1,024) or `KB`, `MB`, `GB` \
        (powers of 1,000). Durations have units: `500ms`, `10s`, `1m30s`, `2h`, `7d`.

        ## A file

        ```yaml
        name: v1
        data: /var/lib/syncline
        listen: 10.0.0.1:7400
        raft-listen: 10.0.0.1:7500
        voters:
          - v1=10.0.0.1:7400/10.0.0.1:7500
          - v2=10.0.0.2:7400/10.0.0.2:7500
          - v3=10.0.0.3:7400/10.0.0.3:7500
        ```

        ## Beside the settings

        | Variable | Meaning |
        |---|---|
        | `SYNCLINE_LOG` | Log level on standard error: `ERROR`, `WARN`, `INFO` (default) or `DEBUG`. |
        | `SYNCLINE_HEAP` | The Java heap, such as `1g`. |
        | `SYNCLINE_JAVA_OPTS` | Further options for Java. |
        """.formatted(table());
  }

  private static String table() {
    return """
        | Setting | Default | Accepted | Variable | Meaning |
        |---|---|---|---|---|
        """ + Catalogue.ALL.stream().map(SettingsReference::row).collect(Collectors.joining());
  }

  private static String row(Setting<?> setting) {
    String defaultText = setting.derived()
        ? setting.defaultText().substring(1, setting.defaultText().length() - 1)
        : "`" + setting.defaultText() + "`";
    return "| `%s` | %s | %s | `%s` | %s |\n"
        .formatted(
            setting.name(),
            defaultText,
            setting.type().expected(),
            setting.variable(),
            setting.help());
  }
}
