package io.syncline.conflict.merge;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Three-way merges from public git histories; each names its repository and commit in {@code
 * source.json}. docs/MERGING.md tells of more of them.
 */
class RealMergesTest {
  private static final Set<String> NOT_AS_COMMITTED =
      Set.of("7e70767e0e01", "dc93e9557ffa", "ae7cb8187aab", "f29fdc012da3");

  private record Case(
      ByteString base, ByteString ours, ByteString theirs, ByteString committed, Format format) {
    MergeResult merge() {
      return ThreeWayMerge.merge(new MergeSides(base, ours, theirs), format, MergeOptions.DEFAULT);
    }
  }

  static Stream<String> asCommitted() throws Exception {
    try (Stream<Path> folders = Files.list(folder())) {
      return folders
          .map(folder -> folder.getFileName().toString())
          .filter(name -> !NOT_AS_COMMITTED.contains(name))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("asCommitted")
  void aMergeIsWhatPeopleCommitted(String name) throws Exception {
    Case merge = read(name);

    assertThat(merge.merge())
        .isInstanceOfSatisfying(
            MergeResult.Merged.class,
            merged -> assertThat(merged.content()).isEqualTo(merge.committed));
  }

  /** People sorted what both sides had added; a merge puts ours before theirs. */
  @ParameterizedTest
  @ValueSource(strings = {"7e70767e0e01", "dc93e9557ffa"})
  void whatBothSidesAddedAtOnePlaceIsThereInAnotherOrder(String name) throws Exception {
    Case merge = read(name);
    var merged = (MergeResult.Merged) merge.merge();

    assertThat(merged.method()).isEqualTo(MergeMethod.STRUCTURE);
    assertThat(merged.content()).isNotNull().isNotEqualTo(merge.committed);
    ByteString content = Objects.requireNonNull(merged.content());
    assertThat(ThreeWayMerge.meansTheSame(
            content, merge.committed, merge.format, MergeOptions.DEFAULT))
        .isTrue();
  }

  /** What people committed lacks a comma: no parser reads it. */
  @Test
  void whatPeopleCommittedMayBeBroken() throws Exception {
    Case merge = read("ae7cb8187aab");

    assertThat(Merging.text((MergeResult.Merged) merge.merge()))
        .contains("\"kubeRbacProxy\": \"0.8.0\",\n  \"configmapReload\": \"0.5.0\"\n}");
    assertThat(merge.committed.toStringUtf8())
        .contains("\"kubeRbacProxy\": \"0.8.0\"\n  \"configmapReload\": \"0.5.0\"\n}");
  }

  /** What people committed has the marks of a conflict in it. */
  @Test
  void whatNobodyResolvedIsAConflictWithItsPath() throws Exception {
    var result = (MergeResult.Conflicted) read("f29fdc012da3").merge();

    assertThat(result.conflicts())
        .extracting(PathConflict::path)
        .isEqualTo(List.of("dependencies[name=kube-prometheus].version"));
  }

  private static Path folder() throws URISyntaxException {
    return Path.of(
        Objects.requireNonNull(RealMergesTest.class.getResource("/merges")).toURI());
  }

  private static Case read(String name) throws Exception {
    var folder = folder().resolve(name);
    String extension;
    try (Stream<Path> files = Files.list(folder)) {
      extension = files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.startsWith("base"))
          .findFirst()
          .orElseThrow()
          .substring("base".length());
    }
    return new Case(
        read(folder, "base" + extension),
        read(folder, "ours" + extension),
        read(folder, "theirs" + extension),
        read(folder, "merged" + extension),
        Format.ofName(extension));
  }

  private static ByteString read(Path folder, String name) throws IOException {
    return ByteString.copyFrom(Files.readAllBytes(folder.resolve(name)));
  }
}
