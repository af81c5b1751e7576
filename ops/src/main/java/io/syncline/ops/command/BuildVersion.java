package io.syncline.ops.command;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The version as the jar's manifest has it. */
final class BuildVersion implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Optional.ofNullable(BuildVersion.class.getPackage().getImplementationVersion())
        .orElse("(not packaged)");
    return new String[] {"syncline " + version + ", Java " + Runtime.version()};
  }
}
