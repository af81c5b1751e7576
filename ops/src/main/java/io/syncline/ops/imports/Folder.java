package io.syncline.ops.imports;

import com.google.protobuf.ByteString;
import io.syncline.model.Key;
import io.syncline.ops.RefusedException;
import io.syncline.ops.settings.Catalogue;
import io.syncline.ops.text.ContentTypes;
import io.syncline.ops.text.FileNames;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A folder of files: each regular file is a put of its path below the folder, at the time it was last
 * modified. Symbolic links are not followed.
 */
final class Folder implements ImportSource {
  private final Path root;
  private final boolean hidden;
  private final String reason;

  /**
   * @param hidden whether to read files, and what is in folders, whose names begin with a dot
   * @param reason of all puts
   */
  Folder(Path root, boolean hidden, String reason) {
    this.root = root.toAbsolutePath().normalize();
    this.hidden = hidden;
    this.reason = reason;
  }

  @Override
  public String name() {
    return root.toString();
  }

  @Override
  public void forEach(LineReceiver receiver) throws IOException, InterruptedException {
    for (Path file : files()) {
      receiver.accept(read(file));
    }
  }

  private List<Path> files() throws IOException {
    var files = new ArrayList<Path>();
    Files.walkFileTree(root, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
        return isWanted(folder) ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
      }

      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (attributes.isRegularFile() && isWanted(file)) {
          files.add(file);
        }
        return FileVisitResult.CONTINUE;
      }
    });
    files.sort(Comparator.naturalOrder());
    return files;
  }

  private boolean isWanted(Path path) {
    return hidden || path.equals(root) || !path.getFileName().toString().startsWith(".");
  }

  private ImportLine read(Path file) throws IOException {
    Key key = key(file);
    long sizeBytes = Files.size(file);
    if (sizeBytes > Catalogue.LARGEST_CONTENT_BYTES) {
      throw new RefusedException(file
          + ": "
          + sizeBytes
          + " bytes (expected: at most "
          + Catalogue.LARGEST_CONTENT_BYTES
          + ")");
    }
    Instant modified = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
        .toInstant()
        .truncatedTo(ChronoUnit.MILLIS);
    ByteString content = ByteString.copyFrom(Files.readAllBytes(file));
    String type = ContentTypes.ofName(key.toString());
    return ImportLine.put(file.toString(), key, content, type, modified, reason);
  }

  private Key key(Path file) {
    String below = FileNames.text(root).orElse("");
    String prefix = below.endsWith("/") ? below : below + "/";
    String name = FileNames.text(file)
        .filter(text -> text.startsWith(prefix))
        .orElseThrow(() -> new RefusedException(
            file + ": its name is no UTF-8 (expected: UTF-8); rename the file"));
    try {
      return Key.of(name.substring(prefix.length()));
    } catch (IllegalArgumentException e) {
      throw new RefusedException(file + ": " + e.getMessage());
    }
  }
}
