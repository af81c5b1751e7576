package io.syncline.conflict.merge;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads a YAML stream from the parser's events. Nothing is constructed and no alias is expanded;
 * what aliases stand for is only counted, so that a bomb of them is met at its fuse.
 */
final class YamlTree {
  private final String text;
  private final CodePoints codePoints;
  private final MergeOptions options;
  private final Deque<Open> open = new ArrayDeque<>();
  private final List<Node> documents = new ArrayList<>();
  private final List<Integer> documentStarts = new ArrayList<>();

  /** Of the document that is being read: how many nodes each anchor stands for. */
  private final Map<String, Long> anchors = new HashMap<>();

  private long nodes;
  private long parsedNodes;

  /** A map or list whose end is still to come. */
  private static final class Open {
    final CollectionStartEvent begin;
    final List<Node> children = new ArrayList<>();
    long nodes = 1;

    Open(CollectionStartEvent begin) {
      this.begin = begin;
    }
  }

  private YamlTree(String text, MergeOptions options) {
    this.text = text;
    this.codePoints = new CodePoints(text);
    this.options = options;
  }

  /** Always a list of documents, be it of one. */
  static Node read(String text, MergeOptions options) throws MalformedContent, BeyondBounds {
    var settings = LoadSettings.builder()
        .setLabel("content")
        .setCodePointLimit(Integer.MAX_VALUE)
        .build();
    var tree = new YamlTree(text, options);
    try {
      for (Event event : new Parse(settings).parseString(text)) {
        tree.take(event);
      }
    } catch (YamlEngineException e) {
      throw new MalformedContent(where(e));
    }
    return Node.Items.documents(text.length(), tree.documents, tree.documentStarts);
  }

  /** The library's own words quote the content: only the place is told. */
  private static String where(YamlEngineException e) {
    Optional<Mark> mark =
        e instanceof MarkedYamlEngineException marked ? marked.getProblemMark() : Optional.empty();
    return mark.map(
            m -> "it is malformed at line " + (m.getLine() + 1) + ", column " + (m.getColumn() + 1))
        .orElse("it is malformed");
  }

  private void take(Event event) throws MalformedContent, BeyondBounds {
    switch (event.getEventId()) {
      case DocumentStart -> {
        anchors.clear();
        refuseDirectives((DocumentStartEvent) event);
        documentStarts.add(start(event));
      }
      case MappingStart, SequenceStart -> {
        BeyondBounds.checkDepth(open.size() + 1, options);
        BeyondBounds.checkNodes(++parsedNodes, options);
        open.push(new Open((CollectionStartEvent) event));
      }
      case MappingEnd, SequenceEnd -> close(event);
      case Scalar -> scalar((ScalarEvent) event);
      case Alias -> alias((AliasEvent) event);
      default -> {
        // the beginning and end of stream and documents, and comments, carry no meaning
      }
    }
  }

  /** They change how what follows them is to be read, which a tree of nodes does not show. */
  private static void refuseDirectives(DocumentStartEvent event) throws MalformedContent {
    if (event.getSpecVersion().isPresent() || !event.getTags().isEmpty()) {
      throw new MalformedContent(
          "it has a %YAML or %TAG directive, which is not merged by structure");
    }
  }

  private void scalar(ScalarEvent event) throws MalformedContent, BeyondBounds {
    int start = start(event);
    boolean plain = event.isPlain();
    boolean block = event.isLiteral() || event.isFolded();
    int end = block ? endOfBlock(start, end(event)) : end(event);
    boolean isText =
        event.getTag().isEmpty() && (!plain || PlainScalars.isCertainlyText(event.getValue()));
    String properties = properties(event, event.getTag());
    if (!isText && !plain) {
      properties += " quoted";
    }
    define(event, 1);
    add(new Node.Scalar(start, end, properties, event.getValue(), isText), 1);
  }

  /** Without the blank lines that follow it, unless they are kept as part of it. */
  private int endOfBlock(int start, int end) {
    int headerEnd = text.indexOf('\n', start);
    boolean keeps = headerEnd > 0 && text.substring(start, headerEnd).contains("+");
    int at = end;
    while (at > start && Character.isWhitespace(text.charAt(at - 1))) {
      at--;
      if (keeps && text.charAt(at) == '\n') {
        break;
      }
    }
    return at;
  }

  private void alias(AliasEvent event) throws MalformedContent, BeyondBounds {
    String anchor = event.getAlias().getValue();
    Long size = anchors.get(anchor);
    if (size == null) {
      throw new MalformedContent("an alias has no anchor before it that is complete");
    }
    add(new Node.Alias(start(event), end(event), anchor), size);
  }

  private void close(Event event) throws MalformedContent, BeyondBounds {
    Open closed = open.pop();
    CollectionStartEvent begin = closed.begin;
    String properties = properties(begin, begin.getTag());
    int start = start(begin);
    int end = begin.isFlow() || closed.children.isEmpty()
        ? end(event)
        : closed.children.get(closed.children.size() - 1).end;
    define(begin, closed.nodes);
    Node node = begin instanceof MappingStartEvent
        ? new Node.Mapping(start, end, properties, begin.isFlow(), entries(closed.children))
        : new Node.Items(
            start,
            end,
            properties,
            begin.isFlow() ? Node.Items.Style.FLOW : Node.Items.Style.BLOCK,
            closed.children);
    add(node, closed.nodes);
  }

  private static Map<String, Node.Entry> entries(List<Node> children) throws MalformedContent {
    var entries = new ArrayList<Node.Entry>(children.size() / 2);
    for (int i = 0; i < children.size(); i += 2) {
      if (!(children.get(i) instanceof Node.Scalar key)) {
        throw new MalformedContent("a key is a map, a list or an alias");
      }
      entries.add(new Node.Entry(key, children.get(i + 1)));
    }
    return Node.Entry.inOrder(entries);
  }

  private void define(NodeEvent event, long size) throws MalformedContent {
    Optional<Anchor> anchor = event.getAnchor();
    if (anchor.isPresent() && anchors.putIfAbsent(anchor.get().getValue(), size) != null) {
      throw new MalformedContent("an anchor is defined twice in one document");
    }
  }

  private void add(Node node, long size) throws BeyondBounds {
    @Nullable Open parent = open.peek();
    if (parent == null) {
      documents.add(node);
      nodes += size;
    } else {
      parent.children.add(node);
      parent.nodes += size;
      BeyondBounds.checkNodes(parent.nodes, options);
    }
    parsedNodes += node instanceof Node.Scalar || node instanceof Node.Alias ? 1 : 0;
    BeyondBounds.checkNodes(Math.max(nodes, parsedNodes), options);
  }

  private static String properties(NodeEvent event, Optional<String> tag) {
    String anchor = event.getAnchor().map(a -> "&" + a.getValue()).orElse("");
    return tag.map(t -> anchor + " !<" + t + ">").orElse(anchor);
  }

  private int start(Event event) {
    return codePoints.offset(event.getStartMark().orElseThrow().getIndex());
  }

  private int end(Event event) {
    return codePoints.offset(event.getEndMark().orElseThrow().getIndex());
  }
}
