package io.syncline.conflict.merge;

import org.jspecify.annotations.Nullable;

/** Where in a content something stands; written out only when a conflict is told. */
final class ContentPath {
  static final ContentPath ROOT = new ContentPath(null, "");

  private static final int MAX_STEP_CHARS = 200;

  private final @Nullable ContentPath parent;
  private final String step;

  private ContentPath(@Nullable ContentPath parent, String step) {
    this.parent = parent;
    this.step = step;
  }

  ContentPath field(String key) {
    boolean plain = !key.isEmpty()
        && key.length() <= MAX_STEP_CHARS
        && key.chars().allMatch(ContentPath::isPlain);
    return new ContentPath(this, plain ? key : "[" + quoted(key) + "]");
  }

  ContentPath element(String idKey, String id) {
    boolean plain = !id.isEmpty()
        && id.length() <= MAX_STEP_CHARS
        && id.chars().allMatch(ContentPath::isPlainId);
    return new ContentPath(this, "[" + idKey + "=" + (plain ? id : quoted(id)) + "]");
  }

  ContentPath index(String index) {
    return new ContentPath(this, "[" + index + "]");
  }

  ContentPath document(String name) {
    return new ContentPath(this, "document[" + name + "]");
  }

  private static boolean isPlain(int c) {
    return Character.isLetterOrDigit(c) || "_-/:@$*+%~<>".indexOf(c) >= 0;
  }

  private static boolean isPlainId(int c) {
    return isPlain(c) || c == '.';
  }

  private static String quoted(String text) {
    var quoted = new StringBuilder("\"");
    text.chars().limit(MAX_STEP_CHARS).forEach(c -> {
      if (c == '"' || c == '\\') {
        quoted.append('\\').append((char) c);
      } else if (Character.isISOControl(c)) {
        quoted.append("\\u%04x".formatted(c));
      } else {
        quoted.append((char) c);
      }
    });
    return quoted.append(text.length() > MAX_STEP_CHARS ? "…\"" : "\"").toString();
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    append(text);
    return text.isEmpty() ? "$" : text.toString();
  }

  private void append(StringBuilder text) {
    if (parent != null) {
      parent.append(text);
      text.append(text.isEmpty() || step.startsWith("[") ? "" : ".").append(step);
    }
  }
}
