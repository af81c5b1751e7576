package io.syncline.monitor.dashboard;

/** What a panel's values count; each has its name in Grafana. */
public enum PanelUnit {
  COUNT("short"),
  PER_SECOND("cps"),
  SECONDS("s"),
  BYTES("bytes"),
  BYTES_PER_SECOND("Bps"),
  /** Of 1. */
  SHARE("percentunit");

  private final String grafana;

  PanelUnit(String grafana) {
    this.grafana = grafana;
  }

  public String grafana() {
    return grafana;
  }
}
