package io.syncline.conflict.merge;

import java.util.ArrayList;
import java.util.List;

/** A text as lines, each with what ends it. */
record Lines(List<String> all) {
  static Lines of(String text) {
    var lines = new ArrayList<String>();
    int start = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      lines.add(text.substring(start, end + 1));
      start = end + 1;
    }
    if (start < text.length()) {
      lines.add(text.substring(start));
    }
    return new Lines(lines);
  }

  int size() {
    return all.size();
  }

  String get(int index) {
    return all.get(index);
  }

  String text(Range range) {
    return String.join("", range.of(all));
  }
}
