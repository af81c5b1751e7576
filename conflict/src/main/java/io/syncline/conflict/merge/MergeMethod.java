package io.syncline.conflict.merge;

/** What a merged content rests on. Names are a public contract. */
public enum MergeMethod {
  /** Only one side changed the content, or both are equal: that side's bytes. */
  ONE_SIDE,
  /** A merge by line without conflict, and a merge by structure that means the same. */
  LINES_AND_STRUCTURE,
  /** By structure, where lines collide; the written result was read again and means that. */
  STRUCTURE,
  /** By line only: the format has no structure, or a side could not be read in it. */
  LINES
}
