package io.syncline.conflict.merge;

import io.syncline.conflict.merge.Diff3.Owner;
import io.syncline.conflict.merge.MergeResult.Conflicted;
import io.syncline.conflict.merge.MergeResult.Refused;
import io.syncline.conflict.merge.PathConflict.Cause;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Merges texts that differ on both sides: by structure if their format has one, and by line. */
final class TextMerge {
  private static final int MOST_DIFFERENCES_TOLD = 10;

  private final @Nullable String base;
  private final String ours;
  private final String theirs;
  private final Format format;
  private final MergeOptions options;
  private final LineMerge lines;

  /** A merged text and how it was come by, or why there is none. */
  sealed interface Result {}

  record Text(String text, MergeMethod method, Format format, String note) implements Result {}

  record Failure(MergeResult result) implements Result {}

  TextMerge(
      @Nullable String base, String ours, String theirs, Format format, MergeOptions options) {
    this.base = base;
    this.ours = ours;
    this.theirs = theirs;
    this.format = format;
    this.options = options;
    this.lines = LineMerge.of(base == null ? "" : base, ours, theirs);
  }

  Result merge() {
    if (format == Format.TEXT) {
      return byLine("");
    }
    try {
      return byStructure();
    } catch (BeyondBounds e) {
      return new Failure(new Refused("the content is " + e.reason(), format));
    }
  }

  private Result byStructure() throws BeyondBounds {
    Document readBase;
    Document readOurs;
    Document readTheirs;
    String side = "base";
    try {
      readBase = base == null ? null : Document.read(format, base, options);
      side = "ours";
      readOurs = Document.read(format, ours, options);
      side = "theirs";
      readTheirs = Document.read(format, theirs, options);
    } catch (MalformedContent e) {
      return byLine("merged by line: " + side + " cannot be read as " + format + ", " + e.reason());
    }
    return new Structures(readBase, readOurs, readTheirs).merge();
  }

  private Result byLine(String note) {
    if (base == null) {
      return failure(
          List.of(new PathConflict(
              ContentPath.ROOT.toString(),
              Cause.BOTH_ADDED,
              "both sides added it, differently",
              null,
              ours,
              theirs)),
          Format.TEXT,
          note);
    }
    return lines.isClean()
        ? new Text(lines.text(Owner.OURS), MergeMethod.LINES, Format.TEXT, note)
        : failure(lines.conflicts(), Format.TEXT, note);
  }

  private static Result failure(List<PathConflict> conflicts, Format format, String note) {
    return new Failure(new Conflicted(conflicts, format, note));
  }

  /** The three contents, read. */
  private final class Structures {
    private final Document readOurs;
    private final Document readTheirs;
    private final List<String> baseComments;
    private final StructuralMerge.Outcome outcome;

    Structures(@Nullable Document readBase, Document readOurs, Document readTheirs) {
      this.readOurs = readOurs;
      this.readTheirs = readTheirs;
      this.baseComments = readBase == null ? List.of() : readBase.comments;
      this.outcome = StructuralMerge.of(readBase, readOurs, readTheirs, options.idKeys());
    }

    Result merge() throws BeyondBounds {
      if (!outcome.conflicts().isEmpty()) {
        return failure(outcome.conflicts(), format, "");
      }
      if (base != null && lines.isClean()) {
        String merged = lines.text(Owner.OURS);
        Optional<Document> read = read(merged);
        if (read.isPresent()) {
          return agreed(merged, read.get());
        }
      }
      return outcome.tentative().isEmpty() ? spliced() : failure(outcome.tentative(), format, "");
    }

    /** Where they disagree, one side alone may have everything that both have, all the same. */
    private Result agreed(String merged, Document read) {
      List<ContentPath> differences =
          Meaning.differences(outcome.root(), read.root, MOST_DIFFERENCES_TOLD);
      if (differences.isEmpty()) {
        return new Text(merged, MergeMethod.LINES_AND_STRUCTURE, format, "");
      }
      for (Document side : List.of(readOurs, readTheirs)) {
        if (outcome.root().isMeantBy(side.root) && hasItsComments(side)) {
          return new Text(side.text, MergeMethod.STRUCTURE, format, "");
        }
      }
      String detail = "merged by line it would mean something else than merged by structure";
      return failure(
          differences.stream()
              .map(path -> new PathConflict(
                  path.toString(), Cause.READINGS_DIFFER, detail, null, null, null))
              .toList(),
          format,
          "");
    }

    /** The first text that is read back as the merge, and has the comments it should have. */
    private Result spliced() throws BeyondBounds {
      Set<String> targets = new LinkedHashSet<>();
      if (base != null) {
        targets.add(lines.text(Owner.OURS));
        targets.add(lines.text(Owner.THEIRS));
      }
      targets.add(ours);
      targets.add(theirs);
      boolean unsure = false;
      for (String target : targets) {
        Optional<String> written = written(target);
        Optional<Document> read = written.isEmpty() ? Optional.empty() : read(written.get());
        if (read.isEmpty() || !outcome.root().isMeantBy(read.get().root)) {
          continue;
        }
        if (hasItsComments(read.get())) {
          return new Text(written.get(), MergeMethod.STRUCTURE, format, "");
        }
        unsure = true;
      }
      return unsure
          ? collisions(
              Cause.COMMENT_UNSURE,
              "a comment of one side has no certain place, or none to go from")
          : collisions(Cause.NOT_WRITABLE, "no text is sure to say what the merge means");
    }

    private boolean hasItsComments(Document result) {
      return Comments.areKept(
          baseComments, readOurs.comments, readTheirs.comments, result.comments);
    }

    private Optional<String> written(String target) throws BeyondBounds {
      Optional<Document> read = read(target);
      return read.isEmpty()
          ? Optional.empty()
          : Splice.write(
              outcome.root(),
              read.get(),
              readOurs,
              readTheirs,
              Set.copyOf(baseComments),
              options.idKeys());
    }

    private Optional<Document> read(String text) throws BeyondBounds {
      try {
        return Optional.of(Document.read(format, text, options));
      } catch (MalformedContent e) {
        return Optional.empty();
      }
    }

    /** Told by line: of the structure, no path is in conflict. */
    private Result collisions(Cause cause, String detail) {
      List<PathConflict> told = lines.conflicts().stream()
          .map(c -> new PathConflict(c.path(), cause, detail, c.base(), c.ours(), c.theirs()))
          .toList();
      return failure(
          told.isEmpty() ? List.of(new PathConflict("$", cause, detail, base, ours, theirs)) : told,
          format,
          "");
    }
  }
}
