package io.syncline.verify.etcd.etcdctl;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts names in the place of what no two clusters have in common: ids, terms, indexes, sizes,
 * addresses, hashes and times. Revisions stay.
 */
final class Names {
  /** So short an id could stand for something else. */
  private static final int SHORTEST_ID = 6;

  /** In this order. */
  private static final Map<Pattern, String> PATTERNS = patterns();

  private static final Pattern HASH = Pattern.compile(
      "(?m)(?<=\"hash\":|\"Hash\" : )\\d+|(?<=<endpoint m\\d>(, | \\| ))\\d+(?= \\||$)");

  private final Map<String, String> literals = new LinkedHashMap<>();

  private static Map<Pattern, String> patterns() {
    var all = new LinkedHashMap<Pattern, String>();
    // Tables are as wide as what is in them.
    put(all, "(?<=\\+)-+(?=\\+)", "-");
    put(all, " {2,}", " ");
    put(all, "(?m) +$", "");
    // Whichever member answered.
    put(
        all,
        "\"(cluster_id|member_id|raft_term|raftTerm|raftIndex|raftAppliedIndex|dbSize|dbSizeInUse|totalSize)\":"
            + "(<[^>]*>|\\d+)",
        "\"$1\":<$1>");
    put(
        all,
        "\"(ClusterID|MemberID|RaftTerm|RaftIndex|RaftAppliedIndex|DBSize|DBSizeInUse|Size)\" : "
            + "(<[^>]*>|\\d+)",
        "\"$1\" : <$1>");
    put(
        all,
        "(true|false)(,| \\|) \\d+(,| \\|) \\d+(,| \\|) \\d+(,| \\|)",
        "$1$2 <term>$3 <index>$4 <applied>$5");
    // Granted for 600 s, and a little less is left.
    put(all, "(?<![\\w.])(59\\d|600)(?=s?\\b)", "<600>");
    put(all, "\\b\\d+(\\.\\d+)?(µs|ms|s)\\b", "<time>");
    put(all, "\\b\\d+(\\.\\d+)? (B|kB|MB|GB)", "<size>");
    put(all, "\\b3\\.\\d+\\.\\d+\\b", "<version>");
    put(all, "(walk-(?:lock|elect)[\\w-]*)/[0-9a-f]+", "$1/<lease>");
    put(all, "\"([Ll]ease)\"( : |:)[1-9]\\d*", "\"$1\"$2<lease>");
    put(all, "lease [0-9a-f]{16}", "lease <lease>");
    put(all, "\"ID\"( : |:)\\d{6,}", "\"ID\"$1<id>");
    put(all, "(?m)^[0-9a-f]{1,8}(?=(, \\d+){2}, <size>)", "<hash>");
    put(all, "(?<=\\| )[0-9a-f]{1,8}(?=( \\| +\\d+){2} \\| +<size>)", "<hash>");
    put(all, "\"took\":[\\d.e-]+", "\"took\":<time>");
    // Where a crash of etcdctl itself tells of its memory.
    put(all, "\\b0x[0-9a-f]+\\??", "<address>");
    put(all, "\"ts\":\"[^\"]*\"|\"ts\":[\\d.]+", "\"ts\":<time>");
    put(all, "endpoint://client-[-0-9a-f]+/[^\"]*", "<target>");
    return all;
  }

  private static void put(Map<Pattern, String> all, String pattern, String replacement) {
    all.put(Pattern.compile(pattern), replacement);
  }

  /** Each time this text occurs it stands under this name. */
  void call(String text, String name) {
    literals.put(text, name);
  }

  /**
   * Like {@link #call}, for an id.
   *
   * @param hexadecimal as etcdctl shows it; in JSON it is decimal
   */
  void callId(String hexadecimal, String name) {
    long id = Long.parseUnsignedLong(hexadecimal, 16);
    for (String text :
        List.of(hexadecimal, Long.toHexString(id), Long.toUnsignedString(id), Long.toString(id))) {
      if (text.length() < SHORTEST_ID) {
        throw new AssertionError("id " + hexadecimal + " of " + name + ": too short to be told"
            + " from other numbers (expected: like etcd's, spread over 64 bits)");
      }
      call(text, name);
    }
  }

  /** The text with names in it. */
  String in(String text) {
    String named = text;
    List<Map.Entry<String, String>> longestFirst = new ArrayList<>(literals.entrySet());
    longestFirst.sort(Comparator.comparing(entry -> -entry.getKey().length()));
    for (Map.Entry<String, String> literal : longestFirst) {
      named = named.replaceAll(
          "(?<![0-9a-zA-Z])" + Pattern.quote(literal.getKey()) + "(?![0-9a-zA-Z])",
          Matcher.quoteReplacement(literal.getValue()));
    }
    for (Map.Entry<Pattern, String> pattern : PATTERNS.entrySet()) {
      named = pattern.getKey().matcher(named).replaceAll(pattern.getValue());
    }
    return hashes(named);
  }

  /** Hashes that are equal have the same name. */
  private static String hashes(String text) {
    var seen = new LinkedHashMap<String, String>();
    return HASH.matcher(text)
        .replaceAll((MatchResult hash) ->
            seen.computeIfAbsent(hash.group(), value -> "<hash " + (seen.size() + 1) + ">"));
  }
}
