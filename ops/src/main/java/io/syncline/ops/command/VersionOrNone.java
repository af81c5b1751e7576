package io.syncline.ops.command;

import io.syncline.model.Version;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a version, or 0 for a key that never existed. */
final class VersionOrNone implements ITypeConverter<Version> {
  @Override
  public Version convert(String text) {
    try {
      return Version.of(Long.parseLong(text));
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException("\"" + text + "\" (expected: a whole number >= 0)");
    }
  }
}
