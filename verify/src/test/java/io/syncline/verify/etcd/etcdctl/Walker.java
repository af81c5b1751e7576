package io.syncline.verify.etcd.etcdctl;

import io.syncline.verify.etcd.cluster.Cluster;
import io.syncline.verify.etcd.cluster.Member;
import io.syncline.verify.etcd.etcdctl.Etcdctl.Ended;
import io.syncline.verify.etcd.etcdctl.Etcdctl.Running;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Types commands at one cluster and takes down what they answer, with names for what varies. */
final class Walker {
  private static final List<String> FORMATS = List.of("simple", "json", "fields", "table");
  private static final String FIRST = "m1";

  private final Cluster cluster;
  private final Path folder;
  private final Etcdctl etcdctl;
  private final Names names = new Names();
  private final Map<String, String> ids = new LinkedHashMap<>();
  private final Map<String, String> transcript = new LinkedHashMap<>();

  /**
   * @param folder for what the commands write
   */
  Walker(Cluster cluster, Path folder) {
    this.cluster = cluster;
    this.folder = folder;
    this.etcdctl = new Etcdctl(folder, cluster.endpoints());
    names.call(folder.toString(), "<folder>");
    for (Member member : cluster.members()) {
      nameAddress(member.endpoint(), "<endpoint " + member.name() + ">");
      nameAddress(member.peer(), "<peer " + member.name() + ">");
    }
    nameIds();
    leadBy(FIRST);
  }

  /** A {@code http://host:port} that is this cluster's own; also without the scheme. */
  void nameAddress(String url, String name) {
    names.call(url, name);
    names.call(url.substring("http://".length()), name);
  }

  private void nameIds() {
    Ended listed = quietly("member", "list");
    for (String line : listed.out().lines().toList()) {
      List<String> parts = Arrays.asList(line.split(", ", -1));
      nameId(parts.get(0), parts.get(2));
    }
    String json = quietly("member", "list", "-w", "json").out();
    long clusterId = Long.parseUnsignedLong(found("\"cluster_id\":(\\d+)", json));
    names.callId(Long.toHexString(clusterId), "<cluster>");
  }

  /** The member's id is this one. */
  void nameId(String hexadecimal, String member) {
    ids.put(member, hexadecimal);
    names.callId(hexadecimal, "<id " + member + ">");
  }

  /** A lease's id is this one. */
  void nameLease(String hexadecimal, String name) {
    names.callId(hexadecimal, "<" + name + ">");
  }

  private void leadBy(String name) {
    Member leader = cluster.awaitLeader();
    if (!leader.name().equals(name)) {
      var moved = quietly("--endpoints=" + leader.endpoint(), "move-leader", id(name));
      if (moved.code() != 0) {
        throw new AssertionError(moved.told());
      }
      awaitLeader(name);
    }
  }

  /** Runs a command that is no part of the walk. */
  Ended quietly(String... arguments) {
    return etcdctl.run("", List.of(arguments));
  }

  /** Waits until another member leads. */
  void awaitLeader(String name) {
    Member wanted = member(name);
    for (Member member : cluster.members()) {
      if (!member.equals(wanted)) {
        var unused = cluster.awaitLeaderOtherThan(member);
      }
    }
  }

  Member member(String name) {
    return cluster.members().stream()
        .filter(member -> member.name().equals(name))
        .findAny()
        .orElseThrow();
  }

  /** The flag that points a command at one member alone. */
  String at(String name) {
    return "--endpoints=" + member(name).endpoint();
  }

  /** As etcdctl shows it. */
  String id(String member) {
    return ids.getOrDefault(member, "unknown");
  }

  Path folder() {
    return folder;
  }

  /** Runs a command, and returns what it wrote. */
  String say(String... arguments) {
    return sayTo("", arguments);
  }

  /** Like {@link #say}, for a command that reads. */
  String sayTo(String input, String... arguments) {
    Ended ended = etcdctl.run(input, List.of(arguments));
    takeDown(List.of(arguments), names.in(ended.told()));
    return ended.out();
  }

  /** Like {@link #say}, for a command that lists in an order of its own. */
  String sayUnordered(String... arguments) {
    Ended ended = etcdctl.run("", List.of(arguments));
    takeDown(List.of(arguments), sorted(names.in(ended.told())));
    return ended.out();
  }

  /** Runs {@code member add}, and learns the new member's id. */
  void add(String name, String... flags) {
    List<String> arguments = new ArrayList<>(List.of("member", "add", name));
    arguments.addAll(List.of(flags));
    Ended ended = etcdctl.run("", arguments);
    String id = found("Member +([0-9a-f]+) added", ended.out());
    if (!id.equals("-1")) {
      nameId(id, name);
    }
    takeDown(arguments, sorted(names.in(ended.told())));
  }

  /** Like {@link #sayUnordered}, once in each format. */
  void sayInEveryFormat(String... arguments) {
    for (String format : FORMATS) {
      var unused = sayUnordered(with(arguments, "-w", format));
    }
  }

  /** Like {@link #say}, once in each format. */
  void sayOrderedInEveryFormat(String... arguments) {
    for (String format : FORMATS) {
      var unused = say(with(arguments, "-w", format));
    }
  }

  private static String[] with(String[] arguments, String... more) {
    String[] all = Arrays.copyOf(arguments, arguments.length + more.length);
    System.arraycopy(more, 0, all, arguments.length, more.length);
    return all;
  }

  /** Starts a command that runs on until {@link #stop} takes down what it answered. */
  Running start(String... arguments) {
    return etcdctl.start(List.of(arguments));
  }

  void stop(Running running) {
    takeDown(running.arguments(), names.in(running.stop().told()));
  }

  /** Waits until it ends by itself. */
  void awaitEnd(Running running) {
    takeDown(running.arguments(), names.in(running.ended().told()));
  }

  /** The revision the cluster is at. */
  long revision() {
    return Long.parseLong(
        found("\"revision\":(\\d+)", quietly("get", "none", "-w", "json").out()));
  }

  /** What the first group matches; -1, which no command knows, if nothing does. */
  static String found(String pattern, String text) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    return matcher.find() ? matcher.group(1) : "-1";
  }

  private void takeDown(List<String> arguments, String answer) {
    String command = arguments.stream().map(Walker::quoted).collect(Collectors.joining(" "));
    command = names.in(command);
    String key = command;
    for (int i = 2; transcript.containsKey(key); i++) {
      key = command + " (" + i + ")";
    }
    transcript.put(key, answer);
  }

  private static String quoted(String argument) {
    return argument.isEmpty() || argument.contains(" ") ? "'" + argument + "'" : argument;
  }

  private static String sorted(String text) {
    return text.lines()
        .map(line -> line.startsWith("ETCD_INITIAL_CLUSTER=") ? sorted(line, "[\",]+") : line)
        .map(line -> line.startsWith("{") || line.startsWith("[")
            ? sorted(line, "(?<=[}]),(?=[{])|(?<=\\[)(?=[{])|(?<=[}])(?=])")
            : line)
        .sorted()
        .collect(Collectors.joining("\n"));
  }

  private static String sorted(String line, String separator) {
    return Arrays.stream(line.split(separator)).sorted().collect(Collectors.joining("\n  "));
  }

  /** What each command answered, in order. */
  Map<String, String> transcript() {
    return transcript;
  }
}
