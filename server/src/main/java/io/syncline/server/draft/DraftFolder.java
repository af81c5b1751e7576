package io.syncline.server.draft;

import io.syncline.codec.StorageCodec;
import io.syncline.model.Draft;
import io.syncline.model.Fault;
import io.syncline.server.store.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Drafts on disk, each a file named by its id, on the disk when a call returns. */
final class DraftFolder {
  private static final Logger LOG = LoggerFactory.getLogger(DraftFolder.class);
  private static final Pattern NAME = Pattern.compile("[1-9][0-9]{0,17}");

  private final Path folder;

  DraftFolder(Path folder) {
    this.folder = folder;
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new Fault("drafts: cannot use " + folder + ": " + Fault.reasonOf(e), e);
    }
  }

  /** All drafts, in no order. A damaged one is set aside under another name, for people to look at. */
  List<Draft> read() {
    var drafts = new ArrayList<Draft>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(DraftFolder::isDraft).toList()) {
        read(file, drafts);
      }
    } catch (IOException e) {
      throw new Fault("drafts: cannot read " + folder + ": " + Fault.reasonOf(e), e);
    }
    return drafts;
  }

  private static boolean isDraft(Path file) {
    return NAME.matcher(file.getFileName().toString()).matches();
  }

  private static void read(Path file, List<Draft> into) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    try {
      into.add(StorageCodec.decodeDraft(bytes));
    } catch (Fault e) {
      Path aside = file.resolveSibling(file.getFileName() + ".damaged");
      LOG.warn(
          "a damaged draft was set aside: make it anew: file={} reason={}", aside, e.getMessage());
      Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /**
   * @throws Fault if it cannot be written
   */
  void write(Draft draft) {
    try {
      DurableFiles.replace(fileOf(draft.id()), StorageCodec.encode(draft));
    } catch (IOException e) {
      throw new Fault("drafts: cannot write to " + folder + ": " + Fault.reasonOf(e), e);
    }
  }

  void delete(List<Long> ids) {
    try {
      for (long id : ids) {
        Files.deleteIfExists(fileOf(id));
      }
    } catch (IOException e) {
      throw new Fault("drafts: cannot delete from " + folder + ": " + Fault.reasonOf(e), e);
    }
  }

  private Path fileOf(long id) {
    return folder.resolve(Long.toString(id));
  }
}
