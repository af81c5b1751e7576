package io.syncline.monitor.dashboard;

import java.util.List;

/** Panels under a heading, from left to right, in as many lines as they need. */
public record Row(String title, List<Panel> panels) {
  public Row {
    panels = List.copyOf(panels);
  }

  static Row of(String title, Panel... panels) {
    return new Row(title, List.of(panels));
  }
}
