package io.syncline.ops.settings;

import io.syncline.ops.text.NearestName;
import io.syncline.ops.text.Utf8;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Settings as YAML: one mapping of names to values; a list may also be written as one. Read as nodes,
 * for these know their lines.
 */
final class SettingsFile {
  private final String file;

  private SettingsFile(String file) {
    this.file = file;
  }

  /**
   * @param file its name, for messages
   * @throws InvalidSetting if it is no such YAML, or has an unknown or repeated key
   */
  static Map<String, GivenText> read(String file, byte[] yaml) {
    String text = Utf8.text(yaml)
        .orElseThrow(() -> new InvalidSetting(file + ": no UTF-8 text (expected: YAML)"));
    return new SettingsFile(file).read(text);
  }

  private Map<String, GivenText> read(String yaml) {
    var given = new LinkedHashMap<String, GivenText>();
    try {
      Iterator<Node> documents = new Compose(
              LoadSettings.builder().setLabel(file).build())
          .composeAllFromString(yaml)
          .iterator();
      if (documents.hasNext()) {
        readDocument(documents.next(), given);
      }
      if (documents.hasNext()) {
        throw new InvalidSetting(file + ": several YAML documents (expected: one)");
      }
    } catch (YamlEngineException e) {
      throw malformed(e);
    }
    return given;
  }

  private InvalidSetting malformed(YamlEngineException e) {
    if (e instanceof MarkedYamlEngineException marked) {
      String line = marked.getProblemMark().map(SettingsFile::line).orElse("");
      return new InvalidSetting(file + line + ": malformed YAML: " + marked.getProblem());
    }
    return new InvalidSetting(file + ": malformed YAML: " + e.getMessage());
  }

  private void readDocument(Node document, Map<String, GivenText> given) {
    if (!(document instanceof MappingNode mapping)) {
      throw new InvalidSetting(
          where(document) + ": no mapping (expected: lines such as \"name: v1\")");
    }
    for (NodeTuple entry : mapping.getValue()) {
      String name = name(entry.getKeyNode());
      GivenText before = given.put(
          name, new GivenText(value(name, entry.getValueNode()), where(entry.getKeyNode())));
      if (before != null) {
        throw new InvalidSetting(
            where(entry.getKeyNode()) + ": \"" + name + "\" is given twice (expected: once)");
      }
    }
  }

  private String name(Node key) {
    List<String> names = Catalogue.ALL.stream().map(Setting::name).toList();
    String name = key instanceof ScalarNode scalar ? scalar.getValue() : "?";
    if (!names.contains(name)) {
      String nearest = NearestName.of(name, names)
          .map(n -> "; did you mean \"" + n + "\"?")
          .orElse(" (expected: one of " + String.join(", ", names) + ")");
      throw new InvalidSetting(where(key) + ": unknown setting \"" + name + "\"" + nearest);
    }
    return name;
  }

  private String value(String name, Node value) {
    if (value instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    if (value instanceof SequenceNode sequence
        && sequence.getValue().stream().allMatch(ScalarNode.class::isInstance)) {
      return sequence.getValue().stream()
          .map(element -> ((ScalarNode) element).getValue())
          .collect(Collectors.joining(","));
    }
    throw new InvalidSetting(
        where(value) + ": " + name + ": a nested mapping (expected: a value, or a list of values)");
  }

  private String where(Node node) {
    return file + node.getStartMark().map(SettingsFile::line).orElse("");
  }

  private static String line(Mark mark) {
    return " line " + (mark.getLine() + 1);
  }
}
