package io.syncline.ops.command;

import io.syncline.model.NamespaceName;
import io.syncline.ops.UsageException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** A command about one namespace, which may be named by its argument or by {@code -n}. */
abstract class NamedNamespaceCommand extends ClientCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description =
          "The namespace, also as -n: 1 to 63 lower-case letters, digits, '.', '_' or '-'.")
  @Nullable
  NamespaceName argument;

  @Override
  void check() {
    if (argument != null && options.namespace != null && !argument.equals(options.namespace)) {
      throw new UsageException(
          "namespace: \"" + argument + "\" and \"" + options.namespace + "\" (expected: one name)");
    }
  }

  final NamespaceName name() {
    return argument == null ? namespace() : argument;
  }
}
