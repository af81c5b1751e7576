package io.syncline.ops.monitoring;

import io.syncline.monitor.dashboard.Panel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a panel's queries gave. */
record PanelData(Panel panel, List<Answer> answers) {

  /** @param expression as it was asked, without variables */
  record Answer(String expression, String legend, List<Line> lines) {
    int points() {
      return lines.stream().mapToInt(line -> line.points().size()).sum();
    }
  }

  /** A line, and what it is called. */
  record Named(String name, Line line) {}

  boolean isEmpty() {
    return answers.stream().allMatch(answer -> answer.points() == 0);
  }

  List<Named> named() {
    var named = new ArrayList<Named>();
    for (Answer answer : answers) {
      for (Line line : answer.lines()) {
        if (!line.points().isEmpty()) {
          named.add(new Named(line.name(answer.legend()), line));
        }
      }
    }
    return named;
  }

  /** For programs that see whether every query has data. */
  Map<String, Object> fields(String dashboard) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("dashboard", dashboard);
    fields.put("panel", panel.title());
    fields.put("kind", panel.kind().type());
    fields.put("queries", answers.stream().map(PanelData::fields).toList());
    return fields;
  }

  private static Map<String, Object> fields(Answer answer) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("query", answer.expression());
    fields.put("series", answer.lines().size());
    fields.put("points", answer.points());
    return fields;
  }
}
