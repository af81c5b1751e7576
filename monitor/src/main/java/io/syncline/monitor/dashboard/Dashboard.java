package io.syncline.monitor.dashboard;

import io.syncline.monitor.metrics.Metric;
import java.util.List;
import java.util.stream.Stream;

/**
 * A page of panels.
 *
 * @param name as commands and files call it
 * @param presence a metric that every node has which the page is about
 */
public record Dashboard(
    String name, String title, String description, Metric presence, List<Row> rows) {

  /** Columns of the grid. */
  public static final int COLUMNS = 24;

  public Dashboard {
    rows = List.copyOf(rows);
  }

  /** As Grafana knows it, whatever its title. */
  public String uid() {
    return "syncline-" + name;
  }

  public Stream<Panel> panels() {
    return rows.stream().flatMap(row -> row.panels().stream());
  }

  /** Where panels stand: row by row, from left to right. */
  public record Place(Panel panel, int x, int y) {}

  /** A row's heading, and where it stands. */
  public record PlacedRow(Row row, int y, List<Place> places) {}

  /** All panels in the grid. */
  public List<PlacedRow> layout() {
    var placed = new java.util.ArrayList<PlacedRow>();
    int y = 0;
    for (Row row : rows) {
      int heading = y++;
      int x = 0;
      int tallest = 0;
      var places = new java.util.ArrayList<Place>();
      for (Panel panel : row.panels()) {
        if (x + panel.width() > COLUMNS) {
          x = 0;
          y += tallest;
          tallest = 0;
        }
        places.add(new Place(panel, x, y));
        x += panel.width();
        tallest = Math.max(tallest, panel.height());
      }
      y += tallest;
      placed.add(new PlacedRow(row, heading, places));
    }
    return placed;
  }
}
