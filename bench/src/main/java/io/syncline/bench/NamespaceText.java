package io.syncline.bench;

import io.syncline.model.NamespaceName;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a namespace's name. */
final class NamespaceText implements ITypeConverter<NamespaceName> {
  @Override
  public NamespaceName convert(String text) {
    try {
      return new NamespaceName(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
