package io.syncline.ops.command;

import io.syncline.model.Checksum;
import io.syncline.model.NamespaceName;
import io.syncline.model.Revision;
import io.syncline.model.Version;
import io.syncline.ops.text.Durations;
import io.syncline.ops.text.FileNames;
import io.syncline.ops.text.Times;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How the texts of options become values. */
final class Converters {
  private Converters() {}

  /** To be called after all subcommands were added. */
  static void register(CommandLine command) {
    register(command, Duration.class, Durations::parse);
    register(command, Instant.class, Times::parse);
    register(command, Path.class, FileNames::path);
    register(command, NamespaceName.class, NamespaceName::new);
    register(command, Checksum.class, Converters::checksum);
    register(command, Revision.class, text -> Revision.of(number(text, 0)));
    register(command, Version.class, text -> Version.of(number(text, 1)));
  }

  private static <T> void register(
      CommandLine command, Class<T> type, ITypeConverter<T> converter) {
    command.registerConverter(type, text -> {
      try {
        return converter.convert(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    });
  }

  private static Checksum checksum(String text) {
    try {
      return Checksum.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "\"" + text + "\" (expected: the 64 hexadecimal digits of a SHA-256)", e);
    }
  }

  private static long number(String text, long least) {
    try {
      long number = Long.parseLong(text);
      if (number >= least) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below, with the text
    }
    throw new IllegalArgumentException(
        "\"" + text + "\" (expected: a whole number >= " + least + ")");
  }
}
