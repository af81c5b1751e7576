package io.syncline.ops.monitoring;

/** Something that happened, as a line through the panels that show time. */
record EventMark(String name, String colour, double seconds) {
  void draw(Svg svg) {
    double x = svg.x(seconds);
    svg.add(
        "<line x1='%.1f' x2='%.1f' y1='8' y2='%d' stroke='%s' stroke-dasharray='2 3'><title>%s</title>"
            + "</line>",
        x, x, svg.bottom(), Colours.named(colour), Html.escape(name));
    svg.add("<path d='M%.1f,%dl-4,6h8z' fill='%s'/>", x, svg.bottom(), Colours.named(colour));
  }
}
