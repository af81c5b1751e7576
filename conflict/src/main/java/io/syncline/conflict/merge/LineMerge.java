package io.syncline.conflict.merge;

import io.syncline.conflict.merge.Diff3.Chunk;
import io.syncline.conflict.merge.Diff3.Owner;
import io.syncline.conflict.merge.PathConflict.Cause;
import java.util.List;

/** Merge by line. */
final class LineMerge {
  private final Lines base;
  private final Lines ours;
  private final Lines theirs;
  private final List<Chunk> chunks;

  private LineMerge(Lines base, Lines ours, Lines theirs) {
    this.base = base;
    this.ours = ours;
    this.theirs = theirs;
    this.chunks = Diff3.chunks(base.all(), ours.all(), theirs.all());
  }

  static LineMerge of(String base, String ours, String theirs) {
    return new LineMerge(Lines.of(base), Lines.of(ours), Lines.of(theirs));
  }

  boolean isClean() {
    return chunks.stream().noneMatch(chunk -> chunk.owner() == Owner.BOTH);
  }

  /** The merged text; where the sides collide, the side given. */
  String text(Owner favoured) {
    var text = new StringBuilder();
    for (Chunk chunk : chunks) {
      Owner owner = chunk.owner() == Owner.BOTH ? favoured : chunk.owner();
      text.append(owner == Owner.THEIRS ? theirs.text(chunk.theirs()) : ours.text(chunk.ours()));
    }
    return text.toString();
  }

  List<PathConflict> conflicts() {
    return chunks.stream()
        .filter(chunk -> chunk.owner() == Owner.BOTH)
        .limit(PathConflict.MAX_REPORTED)
        .map(this::conflict)
        .toList();
  }

  private PathConflict conflict(Chunk chunk) {
    boolean deleted = chunk.ours().size() == 0 || chunk.theirs().size() == 0;
    Cause changed = deleted ? Cause.CHANGED_AND_DELETED : Cause.BOTH_CHANGED;
    return new PathConflict(
        chunk.ours().toString(),
        chunk.base().size() == 0 ? Cause.BOTH_ADDED : changed,
        "the sides differ: base " + chunk.base() + ", ours " + chunk.ours() + ", theirs "
            + chunk.theirs(),
        base.text(chunk.base()),
        ours.text(chunk.ours()),
        theirs.text(chunk.theirs()));
  }
}
