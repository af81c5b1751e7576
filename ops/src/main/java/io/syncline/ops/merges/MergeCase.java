package io.syncline.ops.merges;

import com.google.protobuf.ByteString;
import io.syncline.conflict.merge.Format;
import io.syncline.conflict.merge.MergeOptions;
import io.syncline.conflict.merge.MergeResult;
import io.syncline.conflict.merge.MergeSides;
import io.syncline.conflict.merge.ThreeWayMerge;
import io.syncline.ops.RefusedException;
import io.syncline.ops.output.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A merge that people did: base, two sides, and what they committed.
 *
 * @param source of which repository, commit and path it is
 */
record MergeCase(
    String name,
    Map<String, Object> source,
    MergeSides sides,
    ByteString committed,
    Format format) {

  /** Reads files called base, ours, theirs and merged, with one extension, and source.json. */
  static MergeCase read(Path folder) throws IOException {
    String extension = extension(folder);
    return new MergeCase(
        String.valueOf(folder.getFileName()),
        Json.object(Files.readString(folder.resolve("source.json"))),
        new MergeSides(
            content(folder, "base" + extension),
            content(folder, "ours" + extension),
            content(folder, "theirs" + extension)),
        content(folder, "merged" + extension),
        Format.ofName(extension));
  }

  private static String extension(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.startsWith("base"))
          .map(name -> name.substring("base".length()))
          .findFirst()
          .orElseThrow(() -> new RefusedException(
              folder + ": no merge (expected: files base, ours, theirs and merged)"));
    }
  }

  private static ByteString content(Path folder, String name) throws IOException {
    return ByteString.copyFrom(Files.readAllBytes(folder.resolve(name)));
  }

  MergeResult merge(Format as) {
    return ThreeWayMerge.merge(sides, as, MergeOptions.DEFAULT);
  }

  boolean isCommitted(MergeResult result) {
    return result instanceof MergeResult.Merged merged && committed.equals(merged.content());
  }

  boolean meansCommitted(MergeResult result) {
    return result instanceof MergeResult.Merged merged
        && merged.content() != null
        && ThreeWayMerge.meansTheSame(merged.content(), committed, format, MergeOptions.DEFAULT);
  }
}
