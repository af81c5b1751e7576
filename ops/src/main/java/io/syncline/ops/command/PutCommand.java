package io.syncline.ops.command;

import com.google.protobuf.ByteString;
import io.syncline.client.SynclineClient;
import io.syncline.model.Command.Content;
import io.syncline.model.Command.Put;
import io.syncline.model.Key;
import io.syncline.ops.RefusedException;
import io.syncline.ops.UsageException;
import io.syncline.ops.settings.Catalogue;
import io.syncline.ops.text.ContentTypes;
import io.syncline.ops.text.FileNames;
import io.syncline.ops.text.Utf8;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "put",
    description = "Writes a key. Content equal to the newest version's makes no new version.",
    footer = {
      "  syncline put routes/api --content 'timeout: 5s' --reason 'slow upstream'",
      "  syncline put routes/api --file api.yaml --if-version 3",
      "  generate | syncline put routes/api -"
    })
final class PutCommand extends ClientCommand {
  private static final String STANDARD_INPUT = "-";

  @Parameters(index = "0", paramLabel = "KEY", description = "The key, 1 to 4,096 bytes.")
  String key;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "INPUT",
      description = "- takes the content from standard input.")
  @Nullable
  String input;

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

  @Option(names = "--force", description = "Make a new version even of equal content.")
  boolean force;

  @Mixin
  KeyOptions keys;

  @Mixin
  WriteOptions writes;

  @Mixin
  PreconditionOptions preconditions;

  @Mixin
  FollowerWait followers;

  @Override
  Optional<String> actor() {
    return writes.actor(terminal().environment());
  }

  @Override
  void check() {
    keys.key(key);
    writes.check();
    followers.check();
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

  @Override
  int run(SynclineClient client) throws IOException, InterruptedException {
    Key parsed = keys.key(key);
    String type = contentType == null ? ContentTypes.ofName(key) : contentType;
    var put = new Put(
        namespace(), parsed, Content.of(bytes(), type), preconditions.precondition(), force, null);
    var result = client.write(put, writes.reason);
    WriteOutput.print(out(), options.json(), "put", result, keys.text());
    return followers.await(
        client,
        options.endpoints(terminal().environment()),
        result.revision(),
        options.json(),
        out());
  }

  private ByteString bytes() throws IOException {
    if (content != null) {
      return Utf8.bytes(content)
          .orElseThrow(
              () -> new UsageException("--content: no UTF-8 text (expected: UTF-8, or --file)"));
    }
    if (file == null || file.equals(STANDARD_INPUT)) {
      return read(terminal().in());
    }
    try (InputStream in = Files.newInputStream(FileNames.path(file))) {
      return read(in);
    }
  }

  /** No voter takes more, and none need be asked. */
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
