package io.syncline.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** What versions an import of a file of JSON lines must make, told without the importer's code. */
final class HistoryFile {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** One version. Of a delete the content is empty. */
  record Expected(boolean delete, ByteString content, String change) {
    boolean sameState(Expected other) {
      return delete == other.delete && content.equals(other.content);
    }
  }

  private HistoryFile() {}

  /** The versions of each key, oldest first. */
  static Map<String, List<Expected>> read(Path file) throws IOException {
    var histories = new LinkedHashMap<String, List<Expected>>();
    try (var lines = new BufferedReader(
        new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode json = JSON.readTree(line);
        boolean delete = json.get("op").asText().equals("delete");
        ByteString content = delete
            ? ByteString.EMPTY
            : ByteString.copyFromUtf8(json.get("content").asText());
        add(
            histories,
            json.get("key").asText(),
            new Expected(delete, content, json.get("change").asText()));
      }
    }
    histories.values().removeIf(List::isEmpty);
    return histories;
  }

  private static void add(Map<String, List<Expected>> histories, String key, Expected next) {
    List<Expected> history = histories.computeIfAbsent(key, k -> new ArrayList<>());
    boolean changesNothing =
        history.isEmpty() ? next.delete() : history.get(history.size() - 1).sameState(next);
    if (!changesNothing) {
      history.add(next);
    }
  }
}
