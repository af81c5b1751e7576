package io.syncline.conflict.merge;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON (RFC 8259, strictly). Jackson checks and decodes; where a token stands is found by
 * walking along, which after that check is a matter of blanks, commas and quotes.
 */
final class JsonTree {
  private static final JsonFactory FACTORY = JsonFactory.builder()
      .streamReadConstraints(StreamReadConstraints.builder()
          .maxNumberLength(Integer.MAX_VALUE)
          .maxStringLength(Integer.MAX_VALUE)
          .maxNameLength(Integer.MAX_VALUE)
          .build())
      .build();

  private final String text;
  private final JsonParser parser;
  private final MergeOptions options;
  private int at;
  private int nodes;

  private JsonTree(String text, JsonParser parser, MergeOptions options) {
    this.text = text;
    this.parser = parser;
    this.options = options;
  }

  static Node read(String text, MergeOptions options) throws MalformedContent, BeyondBounds {
    try (JsonParser parser = FACTORY.createParser(text)) {
      var tree = new JsonTree(text, parser, options);
      Node root = tree.value(parser.nextToken(), 1);
      if (parser.nextToken() != null) {
        throw new MalformedContent("something follows its end");
      }
      return root;
    } catch (JsonProcessingException e) {
      throw new MalformedContent(where(e));
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
  }

  /** Jackson's own words quote the content: only the place is told. */
  private static String where(JsonProcessingException e) {
    var location = e.getLocation();
    return location == null
        ? "it is malformed"
        : "it is malformed at line " + location.getLineNr() + ", column " + location.getColumnNr();
  }

  private Node value(@Nullable JsonToken token, int depth)
      throws IOException, MalformedContent, BeyondBounds {
    if (token == null) {
      throw new MalformedContent("it is empty");
    }
    BeyondBounds.checkNodes(++nodes, options);
    int start = next();
    return switch (token) {
      case START_OBJECT -> object(start, depth);
      case START_ARRAY -> array(start, depth);
      case VALUE_STRING -> {
        // Jackson reads a text only when it is asked for: asked first, it finds what is cut off.
        String value = parser.getText();
        yield new Node.Scalar(start, endOfString(), "", value, true);
      }
      default -> {
        int end = endOfLiteral();
        yield new Node.Scalar(start, end, "", text.substring(start, end), false);
      }
    };
  }

  private Node object(int start, int depth) throws IOException, MalformedContent, BeyondBounds {
    BeyondBounds.checkDepth(depth, options);
    at++;
    List<Node.Entry> entries = new ArrayList<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      BeyondBounds.checkNodes(++nodes, options);
      int keyStart = next();
      var key = new Node.Scalar(keyStart, endOfString(), "", parser.currentName(), true);
      entries.add(new Node.Entry(key, value(parser.nextToken(), depth + 1)));
    }
    next();
    return new Node.Mapping(start, ++at, "", true, Node.Entry.inOrder(entries));
  }

  private Node array(int start, int depth) throws IOException, MalformedContent, BeyondBounds {
    BeyondBounds.checkDepth(depth, options);
    at++;
    List<Node> elements = new ArrayList<>();
    JsonToken token = parser.nextToken();
    while (token != JsonToken.END_ARRAY) {
      elements.add(value(token, depth + 1));
      token = parser.nextToken();
    }
    next();
    return new Node.Items(start, ++at, "", Node.Items.Style.FLOW, elements);
  }

  /** Moves on to the next token. */
  private int next() {
    while (" \t\r\n,:".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return at;
  }

  private int endOfString() {
    at++;
    while (text.charAt(at) != '"') {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    return ++at;
  }

  private int endOfLiteral() {
    while (at < text.length() && " \t\r\n,:]}".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return at;
  }
}
