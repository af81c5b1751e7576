package io.syncline.server.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityTest {
  private static final UUID CLUSTER = UUID.fromString("01234567-89ab-cdef-0123-456789abcdef");

  @TempDir
  Path folder;

  @Test
  void anEmptyFolderSaysNothing() {
    assertThat(Identity.load(folder)).isEmpty();
  }

  @Test
  void whatIsSavedIsLoaded() {
    Identity fresh = Identity.fresh("v1");
    Map<String, String> founders = Map.of("v1", fresh.incarnation(), "v2", "bb");
    for (Identity identity : new Identity[] {
      fresh,
      fresh.founded(CLUSTER, founders),
      fresh.joining(CLUSTER, founders),
      fresh.joining(CLUSTER, founders).joined(),
      fresh.founded(CLUSTER, founders).tookPart(),
      fresh.joining(CLUSTER, founders).tookPart().joined()
    }) {
      identity.save(folder);

      assertThat(Identity.load(folder)).contains(identity);
    }
  }

  @Test
  void everyFreshFolderIsAnotherIncarnation() {
    assertThat(Identity.fresh("v1").incarnation())
        .hasSize(12)
        .isNotEqualTo(Identity.fresh("v1").incarnation());
  }

  @Test
  void noHalfWrittenFileIsLeftOrRead() throws IOException {
    Identity identity = Identity.fresh("v1");
    identity.save(folder);
    Files.writeString(folder.resolve(Identity.FILE + ".new"), "name=half");

    assertThat(Identity.load(folder)).contains(identity);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "name=v1", "incarnation=aa", "name=v1\nincarnation=aa\ncluster=no-uuid"})
  void aFileThatSaysTooLittleIsRefusedByItsName(String content) throws IOException {
    Files.writeString(folder.resolve(Identity.FILE), content);

    assertThatThrownBy(() -> Identity.load(folder))
        .isInstanceOf(RefusedToStart.class)
        .hasMessageContaining(Identity.FILE);
  }
}
