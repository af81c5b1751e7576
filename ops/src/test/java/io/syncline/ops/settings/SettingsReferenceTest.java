package io.syncline.ops.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The reference is written from the code that reads the settings. */
final class SettingsReferenceTest {

  @Test
  void docsHaveWhatTheCodeWrites() throws IOException {
    assertThat(Files.readString(Path.of("../docs/SETTINGS.md")))
        .as("write it anew: bin/syncline server --print-settings-reference > docs/SETTINGS.md")
        .isEqualTo(SettingsReference.markdown());
  }
}
