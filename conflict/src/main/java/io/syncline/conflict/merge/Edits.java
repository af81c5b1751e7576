package io.syncline.conflict.merge;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Changes to stretches of one text. What no edit covers stays as it is, byte for byte. */
final class Edits {
  private final List<Edit> edits = new ArrayList<>();

  private record Edit(int start, int end, String text) {}

  /** Texts inserted at one place stand in the order in which they were given. */
  void insert(int at, String text) {
    edits.add(new Edit(at, at, text));
  }

  void replace(int start, int end, String text) {
    edits.add(new Edit(start, end, text));
  }

  void delete(int start, int end) {
    edits.add(new Edit(start, end, ""));
  }

  /** Empty if two edits are about the same stretch. */
  Optional<String> applyTo(String text) {
    edits.sort(Comparator.comparingInt(Edit::start).thenComparing(edit -> edit.end > edit.start));
    var edited = new StringBuilder(text.length());
    int at = 0;
    for (Edit edit : edits) {
      if (edit.start < at) {
        return Optional.empty();
      }
      edited.append(text, at, edit.start).append(edit.text);
      at = edit.end;
    }
    return Optional.of(edited.append(text, at, text.length()).toString());
  }
}
