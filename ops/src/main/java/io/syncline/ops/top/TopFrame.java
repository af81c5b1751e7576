package io.syncline.ops.top;

import io.syncline.ops.output.Table;
import io.syncline.ops.text.Durations;
import io.syncline.ops.text.Sizes;
import io.syncline.ops.top.TopSnapshot.Alert;
import io.syncline.ops.top.TopSnapshot.Follower;
import io.syncline.ops.top.TopSnapshot.Voter;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Draws a snapshot as lines of text that fit a terminal. What matters most when something is wrong
 * comes first: alerts, then voters, then the followers furthest behind.
 */
public final class TopFrame {
  private static final int BAR_CELLS = 20;
  private static final int MAX_ALERTS = 6;
  private static final int MAX_CONFLICTS = 3;
  private static final int LEAST_FOLLOWERS = 3;
  /** Around the rows: two heads, and how many are not shown. */
  private static final int FOLLOWERS_OTHER_LINES = 3;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final String HEIGHTS = "▁▂▃▄▅▆▇█";

  private static final String BOLD = "\u001b[1m";
  private static final String RED = "\u001b[31m";
  private static final String YELLOW = "\u001b[33m";
  private static final String PLAIN = "\u001b[0m";

  private final int columns;
  private final int rows;
  private final boolean colours;

  /**
   * @param rows at least as many as the heads need; fewer are taken for these
   */
  public TopFrame(int columns, int rows, boolean colours) {
    this.columns = columns;
    this.rows = rows;
    this.colours = colours;
  }

  /**
   * @param rates writes a second, oldest first, the newest of now
   */
  public List<String> lines(TopSnapshot now, List<Double> rates) {
    var lines = new ArrayList<String>();
    lines.add(bold(head(now, rates)));
    lines.add("");
    lines.addAll(alerts(now.alerts()));
    lines.add("");
    lines.addAll(voters(now));
    lines.add("");
    lines.addAll(conflicts(now));
    lines.add("");
    lines.addAll(followers(now.followers(), rows - lines.size() - FOLLOWERS_OTHER_LINES));
    return lines.stream().limit(Math.max(rows, 1)).map(this::cut).toList();
  }

  private static String head(TopSnapshot now, List<Double> rates) {
    String revision = now.revision().isPresent()
        ? String.format(Locale.ROOT, "%,d", now.revision().getAsLong())
        : "unknown";
    String writes = rates.isEmpty()
        ? ""
        : String.format(
            Locale.ROOT, "   %,.0f revisions/s %s", rates.get(rates.size() - 1), spark(rates));
    return "syncline top   " + TIME.format(now.at()) + " UTC   cluster "
        + (now.cluster().isEmpty() ? "unknown" : now.cluster()) + "   revision " + revision
        + writes;
  }

  /** Small bars, the largest as high as a line. */
  static String spark(List<Double> rates) {
    double largest = rates.stream().mapToDouble(Double::doubleValue).max().orElse(0);
    return rates.stream()
        .map(rate -> largest <= 0 ? 0 : (int) Math.round(rate / largest * (HEIGHTS.length() - 1)))
        .map(height -> HEIGHTS.substring(height, height + 1))
        .collect(Collectors.joining());
  }

  private List<String> alerts(List<Alert> alerts) {
    var lines = new ArrayList<String>();
    long firing = alerts.stream().filter(Alert::firing).count();
    long pending = alerts.size() - firing;
    lines.add(bold(
        "ALERTS  " + (alerts.isEmpty() ? "none" : firing + " firing, " + pending + " pending")));
    alerts.stream().limit(MAX_ALERTS).forEach(alert -> {
      String text = "  " + (alert.firing() ? alert.severity() : "pending") + "  " + alert.name()
          + "  for " + Durations.format(Duration.ofSeconds(alert.held().toSeconds())) + "  "
          + Table.plain(alert.summary());
      lines.add(
          alert.firing() ? colour(alert.severity().equals("critical") ? RED : YELLOW, text) : text);
    });
    return withRest(lines, alerts.size() - MAX_ALERTS, "syncline alerts lists all");
  }

  private static List<String> withRest(List<String> lines, int rest, String where) {
    if (rest > 0) {
      lines.add("  … and " + rest + " more: " + where);
    }
    return lines;
  }

  private List<String> voters(TopSnapshot now) {
    var table = new Table(
        "VOTER", "ROLE", ">TERM", ">REVISION", ">LAG", ">STORE", ">WATCHES", "UPTIME", "READY");
    for (Voter voter : now.voters()) {
      boolean answered = voter.revision().isPresent();
      table.row(
          voter.name(),
          voter.role(),
          answered ? voter.term() : "",
          answered ? voter.revision().getAsLong() : "",
          answered && now.revision().isPresent()
              ? Math.max(0, now.revision().getAsLong() - voter.revision().getAsLong())
              : "",
          answered ? Sizes.rounded(voter.storeBytes()) : "",
          answered ? voter.watchers() : "",
          answered ? Durations.format(Duration.ofSeconds(voter.uptime().toSeconds())) : "",
          voter.reasons().isEmpty() && answered
              ? "yes"
              : "no: " + String.join("; ", voter.reasons()));
    }
    List<String> lines = lines(table);
    for (int i = 0; i < now.voters().size(); i++) {
      Voter voter = now.voters().get(i);
      if (!voter.reasons().isEmpty() || voter.revision().isEmpty()) {
        lines.set(i + 1, colour(RED, lines.get(i + 1)));
      }
    }
    return headed(lines);
  }

  private List<String> conflicts(TopSnapshot now) {
    var lines = new ArrayList<String>();
    int count = now.openConflicts().size();
    lines.add(bold("CONFLICTS  "
        + (count == 0 ? "none open" : count + (now.moreConflicts() ? " and more" : "") + " open")));
    now.openConflicts().stream()
        .limit(MAX_CONFLICTS)
        .forEach(conflict -> lines.add(colour(YELLOW, "  " + Table.plain(conflict))));
    return withRest(lines, count - MAX_CONFLICTS, "syncline conflicts list");
  }

  private List<String> followers(List<Follower> followers, int room) {
    int shown = Math.min(followers.size(), Math.max(LEAST_FOLLOWERS, room));
    var lines = new ArrayList<String>();
    lines.add(bold("FOLLOWERS  " + (followers.isEmpty() ? "none" : counts(followers))));
    if (followers.isEmpty()) {
      return lines;
    }
    long largest = followers.stream().mapToLong(Follower::lagRevisions).max().orElse(0);
    var table =
        new Table("FOLLOWER", "STATE", "MODE", ">LAG", "", ">BEHIND", "DIGESTS", "LAST ERROR");
    List<Follower> first = followers.subList(0, shown);
    for (Follower follower : first) {
      table.row(
          follower.id(),
          follower.state(),
          follower.mode(),
          follower.lagRevisions(),
          bar(follower.lagRevisions(), largest),
          Durations.format(Duration.ofMillis(follower.behind().toMillis() / 100 * 100)),
          follower.digestsEqual().map(equal -> equal ? "equal" : "DIFFER").orElse("unknown"),
          follower.lastError());
    }
    List<String> drawn = lines(table);
    for (int i = 0; i < first.size(); i++) {
      drawn.set(i + 1, colour(colourOf(first.get(i)), drawn.get(i + 1)));
    }
    lines.addAll(drawn);
    return withRest(lines, followers.size() - shown, "syncline followers lists all");
  }

  private static String colourOf(Follower follower) {
    if (follower.state().equals("failed")
        || follower.digestsEqual().filter(e -> !e).isPresent()) {
      return RED;
    }
    return follower.lagRevisions() > 0 || follower.state().equals("retrying") ? YELLOW : "";
  }

  private static String counts(List<Follower> followers) {
    Map<String, Long> byState = followers.stream()
        .collect(Collectors.groupingBy(Follower::state, LinkedHashMap::new, Collectors.counting()));
    return followers.size() + ": "
        + byState.entrySet().stream()
            .map(entry -> entry.getValue() + " " + entry.getKey())
            .collect(Collectors.joining(", "));
  }

  /** A lag as a share of the largest; whoever lags at all has a mark. */
  static String bar(long lag, long largest) {
    if (lag <= 0 || largest <= 0) {
      return "";
    }
    int cells = (int) Math.max(1, Math.round((double) lag / (double) largest * BAR_CELLS));
    return "█".repeat(cells);
  }

  private static List<String> lines(Table table) {
    var bytes = new ByteArrayOutputStream();
    table.print(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    return bytes
        .toString(StandardCharsets.UTF_8)
        .lines()
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private List<String> headed(List<String> lines) {
    lines.set(0, bold(lines.get(0)));
    return lines;
  }

  private String bold(String text) {
    return colour(BOLD, text);
  }

  private String colour(String code, String text) {
    return colours && !code.isEmpty() ? code + text + PLAIN : text;
  }

  /** Longer lines would wrap, and push what comes after them off the screen. */
  private String cut(String line) {
    var kept = new StringBuilder();
    int width = 0;
    for (int i = 0; i < line.length(); ) {
      int c = line.codePointAt(i);
      if (c == '\u001b') {
        int end = line.indexOf('m', i) + 1;
        kept.append(line, i, end);
        i = end;
      } else {
        if (width < columns) {
          kept.appendCodePoint(c);
        }
        width++;
        i += Character.charCount(c);
      }
    }
    return kept.toString();
  }
}
