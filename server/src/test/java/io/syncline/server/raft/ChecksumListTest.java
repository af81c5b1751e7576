package io.syncline.server.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.model.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChecksumListTest {
  @TempDir
  Path folder;

  private final ChecksumList checksums = new ChecksumList();

  @BeforeEach
  void write() throws IOException {
    Files.writeString(folder.resolve("000007.sst"), "table");
    Files.writeString(folder.resolve("CURRENT"), "abc");
    checksums.write(folder);
  }

  @Test
  void theListIsWhatSha256sumReads() throws IOException {
    assertThat(Files.readAllLines(folder.resolve(ChecksumList.NAME)))
        .hasSize(2)
        .contains("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  CURRENT");
  }

  @Test
  void whatIsWholeIsVerifiedAndNamed() throws IOException {
    assertThat(checksums.verify(folder))
        .extracting(file -> file.getFileName().toString())
        .containsExactly("000007.sst", "CURRENT");
  }

  @Test
  void S4_37_aFlippedByteIsAFaultThatNamesTheFile() throws IOException {
    Files.writeString(folder.resolve("000007.sst"), "tablf");

    assertThatThrownBy(() -> checksums.verify(folder))
        .isInstanceOf(Fault.class)
        .hasMessageContaining("000007.sst");
  }

  @Test
  void aMissingFileIsAFaultThatNamesIt() throws IOException {
    Files.delete(folder.resolve("CURRENT"));

    assertThatThrownBy(() -> checksums.verify(folder))
        .isInstanceOf(Fault.class)
        .hasMessageContaining("CURRENT");
  }

  @Test
  void aMissingListIsAFault() throws IOException {
    Files.delete(folder.resolve(ChecksumList.NAME));

    assertThatThrownBy(() -> checksums.verify(folder))
        .isInstanceOf(Fault.class)
        .hasMessageContaining("not complete");
  }

  @Test
  void filesThatMayChangeUnderTheSameNameAreHashedAnew() throws IOException {
    Files.delete(folder.resolve(ChecksumList.NAME));
    Files.writeString(folder.resolve("CURRENT"), "changed");
    checksums.write(folder);

    assertThat(checksums.verify(folder)).hasSize(2);
  }

  @Test
  void whatRatisLeavesBesideIsNotListed() throws IOException {
    Files.writeString(folder.resolve("CURRENT.md5"), "sum");

    assertThat(ChecksumList.filesOf(folder))
        .extracting(file -> file.getFileName().toString())
        .doesNotContain("CURRENT.md5");
  }
}
