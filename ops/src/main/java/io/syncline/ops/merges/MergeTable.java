package io.syncline.ops.merges;

import io.syncline.conflict.merge.Format;
import io.syncline.conflict.merge.MergeResult;
import io.syncline.conflict.merge.PathConflict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Merges that people did, done again, as a table in Markdown. */
public final class MergeTable {
  private static final int SHOWN_OF_A_COMMIT = 10;

  private final StringBuilder text = new StringBuilder();
  private int cases;
  private int cleanByLine;
  private int asByLine;
  private int merged;
  private int sameBytes;
  private int sameMeaning;

  private MergeTable() {}

  /**
   * @param folder with a folder for each merge: files base, ours, theirs and merged with one
   *     extension, and source.json with repository, commit and path
   */
  public static String of(Path folder) throws IOException {
    var table = new MergeTable();
    table.text.append(
        "| Case | Source | By line | Merged by | Bytes as committed |"
            + " Meaning as committed | Paths in conflict | Note |\n|---|---|---|---|---|---|---|---|\n");
    for (Path each : folders(folder)) {
      table.add(MergeCase.read(each));
    }
    table.text.append(
        "\n%d merges; %d clean by line, of which %d give the same bytes here; %d merged:"
                .formatted(table.cases, table.cleanByLine, table.asByLine, table.merged)
            + " %d with the bytes, %d with the meaning that people committed.\n"
                .formatted(table.sameBytes, table.sameMeaning));
    return table.text.toString();
  }

  private static List<Path> folders(Path folder) throws IOException {
    try (Stream<Path> each = Files.list(folder)) {
      return each.filter(Files::isDirectory).sorted().toList();
    }
  }

  private void add(MergeCase merge) {
    MergeResult byLine = merge.merge(Format.TEXT);
    MergeResult result = merge.merge(merge.format());
    boolean bytes = merge.isCommitted(result);
    boolean meaning = merge.meansCommitted(result);
    boolean isMerged = result instanceof MergeResult.Merged;
    cases++;
    cleanByLine += byLine instanceof MergeResult.Merged ? 1 : 0;
    asByLine += content(byLine).equals(content(result)) && isMerged ? 1 : 0;
    merged += isMerged ? 1 : 0;
    sameBytes += bytes ? 1 : 0;
    sameMeaning += meaning ? 1 : 0;
    row(
        merge.name(),
        source(merge),
        byLine instanceof MergeResult.Merged ? "clean" : "conflict",
        method(result),
        isMerged ? yesOrNo(bytes) : "-",
        isMerged ? yesOrNo(meaning) : "-",
        paths(result),
        note(result));
  }

  private static Object content(MergeResult result) {
    return result instanceof MergeResult.Merged merged && merged.content() != null
        ? merged.content()
        : result;
  }

  private void row(String... cells) {
    text.append('|');
    for (String cell : cells) {
      text.append(' ').append(cell.replace("|", "\\|")).append(" |");
    }
    text.append('\n');
  }

  private static String source(MergeCase merge) {
    String commit = String.valueOf(merge.source().get("commit"));
    return merge.source().get("repository") + " "
        + commit.substring(0, Math.min(commit.length(), SHOWN_OF_A_COMMIT)) + " `"
        + merge.source().get("path") + "`";
  }

  private static String method(MergeResult result) {
    return result instanceof MergeResult.Merged merged
        ? merged.method().toString()
        : result instanceof MergeResult.Conflicted ? "conflict" : "refused";
  }

  private static String paths(MergeResult result) {
    return result instanceof MergeResult.Conflicted conflicted
        ? conflicted.conflicts().stream()
            .map(PathConflict::path)
            .collect(Collectors.joining("`, `", "`", "`"))
        : "";
  }

  private static String note(MergeResult result) {
    if (result instanceof MergeResult.Merged merged) {
      return merged.note();
    }
    return result instanceof MergeResult.Conflicted conflicted
        ? conflicted.note()
        : ((MergeResult.Refused) result).reason();
  }

  private static String yesOrNo(boolean yes) {
    return yes ? "yes" : "no";
  }
}
