package io.syncline.ops.command;

import com.google.protobuf.ByteString;
import io.syncline.model.Command.Content;
import io.syncline.ops.RefusedException;
import io.syncline.ops.UsageException;
import io.syncline.ops.output.Terminal;
import io.syncline.ops.settings.Catalogue;
import io.syncline.ops.text.ContentTypes;
import io.syncline.ops.text.FileNames;
import io.syncline.ops.text.Utf8;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the content to be written comes from. */
final class ContentOptions {
  private static final String STANDARD_INPUT = "-";

  @Option(names = "--content", paramLabel = "TEXT", description = "The content itself.")
  @Nullable
  String content;

  @Option(
      names = "--file",
      paramLabel = "PATH",
      description = "Take the content from this file; - is standard input.")
  @Nullable
  String file;

  @Option(
      names = "--content-type",
      paramLabel = "TYPE",
      description = "Media type. Default: guessed from the key's extension.")
  @Nullable
  String contentType;

  /** Whether a content was given, other than by standing for standard input. */
  boolean given() {
    return content != null || file != null;
  }

  /**
   * @param input what stands after the key; null: nothing
   */
  void check(@Nullable String input) {
    if (input != null && !input.equals(STANDARD_INPUT)) {
      throw new UsageException(
          "put: unexpected \"" + input + "\" (expected: --content TEXT, --file PATH or -)");
    }
    int sources = (content == null ? 0 : 1) + (file == null ? 0 : 1) + (input == null ? 0 : 1);
    if (sources != 1) {
      throw new UsageException(
          "put: content given " + sources + " times (expected: one of --content, --file and -)");
    }
  }

  /**
   * @param key whose extension may tell the type
   */
  Content content(String key, Terminal terminal) throws IOException {
    String type = contentType == null ? ContentTypes.ofName(key) : contentType;
    return Content.of(bytes(terminal), type);
  }

  private ByteString bytes(Terminal terminal) throws IOException {
    if (content != null) {
      return Utf8.bytes(content)
          .orElseThrow(
              () -> new UsageException("--content: no UTF-8 text (expected: UTF-8, or --file)"));
    }
    if (file == null || file.equals(STANDARD_INPUT)) {
      return read(terminal.in());
    }
    try (InputStream in = Files.newInputStream(FileNames.path(file))) {
      return read(in);
    }
  }

  /** No node takes more, and none need be asked. */
  private static ByteString read(InputStream in) throws IOException {
    int most = (int) Catalogue.LARGEST_CONTENT_BYTES;
    byte[] bytes = in.readNBytes(most + 1);
    if (bytes.length > most) {
      throw new RefusedException(
          "content: over " + most + " bytes (expected: at most " + most + ")");
    }
    return ByteString.copyFrom(bytes);
  }
}
