package io.syncline.server.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.model.LogPosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotFolderTest {
  @TempDir
  Path root;

  @Test
  void oldSnapshotsAreGoneWhenANewOneIsFinished() throws IOException {
    var folder = opened(2);

    for (int index = 1; index <= 3; index++) {
      finish(folder, index);
    }

    assertThat(names()).containsExactly("snapshot.1_2", "snapshot.1_3");
    assertThat(folder.newest()).isEqualTo(root.resolve("sm/snapshot.1_3"));
  }

  @Test
  void whatAStopLeftBehindGoesOnOpening() throws IOException {
    var before = opened(3);
    for (int index = 1; index <= 3; index++) {
      finish(before, index);
    }
    Files.createDirectories(root.resolve("snapshot.unfinished"));

    opened(2);

    assertThat(names()).containsExactly("snapshot.1_2", "snapshot.1_3");
    assertThat(root.resolve("snapshot.unfinished")).doesNotExist();
  }

  private SnapshotFolder opened(int kept) throws IOException {
    var folder = new SnapshotFolder(kept);
    folder.open(root.resolve("sm"));
    return folder;
  }

  private void finish(SnapshotFolder folder, long index) throws IOException {
    Path building = Files.createDirectories(root.resolve("snapshot.unfinished"));
    Files.writeString(building.resolve("CURRENT"), "MANIFEST-" + index);
    folder.finish(new LogPosition(1, index));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> entries = Files.list(root.resolve("sm"))) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }
}
