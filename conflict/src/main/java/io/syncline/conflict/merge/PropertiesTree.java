package io.syncline.conflict.merge;

import java.util.ArrayList;
import java.util.List;

/** Reads properties as {@link java.util.Properties#load(java.io.Reader)} does, with positions. */
final class PropertiesTree {
  private final String text;
  private final List<Node.Entry> entries = new ArrayList<>();
  private final List<String> comments = new ArrayList<>();
  private int at;

  private PropertiesTree(String text) {
    this.text = text;
  }

  static Document read(String text, MergeOptions options) throws MalformedContent, BeyondBounds {
    var tree = new PropertiesTree(text);
    while (tree.at < text.length()) {
      tree.line();
      BeyondBounds.checkNodes(2L * tree.entries.size() + 1, options);
    }
    var root = new Node.Mapping(0, text.length(), "", false, Node.Entry.inOrder(tree.entries));
    return new Document(text, root, List.copyOf(tree.comments));
  }

  private void line() throws MalformedContent {
    skipBlanks();
    if (at == text.length()) {
      return;
    }
    char first = text.charAt(at);
    if (isLineEnd(first)) {
      at++;
    } else if (isContinuation()) {
      // Before anything else it is as a blank, and what follows begins a line.
      at++;
      continueLine();
      addEmptyEntryAtEnd();
    } else if (first == '#' || first == '!') {
      int start = at;
      while (at < text.length() && !isLineEnd(text.charAt(at))) {
        at++;
      }
      comments.add(text.substring(start, at).strip());
    } else {
      entry();
    }
  }

  /** As the platform reads it: nothing that goes on is an entry of nothing if the text ends there. */
  private void addEmptyEntryAtEnd() {
    if (at == text.length() && isLineEnd(text.charAt(at - 1))) {
      var nothing = new Node.Scalar(at, at, "", "", true);
      entries.add(new Node.Entry(nothing, nothing));
    }
  }

  private void entry() throws MalformedContent {
    int keyStart = at;
    String key = decode(true);
    int keyEnd = at;
    skipBlanksAndContinuations();
    if (at < text.length() && (text.charAt(at) == '=' || text.charAt(at) == ':')) {
      at++;
      skipBlanksAndContinuations();
    }
    int valueStart = at;
    String value = decode(false);
    entries.add(new Node.Entry(
        new Node.Scalar(keyStart, keyEnd, "", key, true),
        new Node.Scalar(valueStart, at, "", value, true)));
  }

  private String decode(boolean key) throws MalformedContent {
    var decoded = new StringBuilder();
    while (at < text.length() && !isLineEnd(text.charAt(at))) {
      char c = text.charAt(at);
      if (key && (isBlank(c) || c == '=' || c == ':')) {
        break;
      }
      at++;
      if (c == '\\') {
        escape(decoded);
      } else {
        decoded.append(c);
      }
    }
    return decoded.toString();
  }

  private void escape(StringBuilder decoded) throws MalformedContent {
    if (at == text.length()) {
      return;
    }
    char c = text.charAt(at);
    if (isLineEnd(c)) {
      continueLine();
      return;
    }
    at++;
    switch (c) {
      case 't' -> decoded.append('\t');
      case 'n' -> decoded.append('\n');
      case 'r' -> decoded.append('\r');
      case 'f' -> decoded.append('\f');
      case 'u' -> decoded.append(unicode());
      default -> decoded.append(c);
    }
  }

  private char unicode() throws MalformedContent {
    int end = at + 4;
    int unit = 0;
    for (; at < end; at++) {
      int digit = at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
      if (digit < 0 || text.charAt(at) > 'f') {
        throw new MalformedContent("\\u stands before other than four hexadecimal digits");
      }
      unit = unit * 16 + digit;
    }
    return (char) unit;
  }

  private void continueLine() {
    at += text.startsWith("\r\n", at) ? 2 : 1;
    skipBlanks();
  }

  private boolean isContinuation() {
    return text.charAt(at) == '\\' && at + 1 < text.length() && isLineEnd(text.charAt(at + 1));
  }

  private void skipBlanksAndContinuations() {
    skipBlanks();
    while (at < text.length() && isContinuation()) {
      at++;
      continueLine();
    }
  }

  private void skipBlanks() {
    while (at < text.length() && isBlank(text.charAt(at))) {
      at++;
    }
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\f';
  }

  private static boolean isLineEnd(char c) {
    return c == '\n' || c == '\r';
  }
}
