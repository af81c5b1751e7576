package io.syncline.conflict.merge;

/**
 * The lines of a part that are new to the target, with the comments above them that are as new.
 *
 * @param lines whole lines, at the indentation of their source
 * @param followsComment whether a comment stands above them that is not new
 */
record NewLines(String lines, boolean followsBlankLine, boolean followsComment) {

  static NewLines of(Document source, int start, int end, Splice splice) {
    int last = BlockText.end(source, start, end);
    if (!BlockText.beginsLine(source, start)) {
      String indented = " ".repeat(source.column(start)) + source.text.substring(start, last);
      return new NewLines(indented, false, false);
    }
    int first = BlockText.start(source, start, splice.target.commentSet::contains);
    return new NewLines(
        source.text.substring(first, last),
        BlockText.followsBlankLine(source, first),
        BlockText.followsComment(source, first));
  }
}
