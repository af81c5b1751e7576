package io.syncline.ops.settings;

import io.syncline.model.Endpoint;
import io.syncline.model.NamespaceName;
import io.syncline.monitor.alert.WebhookSettings;
import io.syncline.ops.text.Durations;
import io.syncline.ops.text.FileNames;
import io.syncline.ops.text.Sizes;
import io.syncline.server.node.VoterAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * How a setting's text is read.
 *
 * @param label stands for a value in help, such as {@code SIZE}
 * @param expected what is accepted, bounds included
 * @param reader throws an {@link IllegalArgumentException} for what is not accepted
 */
public record SettingType<T>(String label, String expected, Function<String, T> reader) {
  /** Turns a door off. */
  public static final String NONE = "none";

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,30}");

  static SettingType<String> name() {
    String expected = "1 to 31 lower-case letters, digits or '-', not beginning with '-'";
    return new SettingType<>("NAME", expected, SettingType::checkName);
  }

  private static String checkName(String text) {
    if (!NAME.matcher(text).matches()) {
      throw new IllegalArgumentException(text);
    }
    return text;
  }

  static SettingType<Path> folder() {
    return new SettingType<>("DIR", "the path of a folder", SettingType::readPath);
  }

  private static Path readPath(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException(text);
    }
    return FileNames.path(text);
  }

  static SettingType<Endpoint> endpoint() {
    return new SettingType<>("HOST:PORT", "host:port", Endpoint::parse);
  }

  /** An address, or {@code none}. */
  static SettingType<Optional<Endpoint>> maybeEndpoint() {
    return new SettingType<>(
        "HOST:PORT|none",
        "host:port, or none",
        text -> text.equals(NONE) ? Optional.empty() : Optional.of(Endpoint.parse(text)));
  }

  static SettingType<NamespaceName> namespace() {
    return new SettingType<>("NAME", "a namespace's name", NamespaceName::new);
  }

  /** A URL of http or https, or {@code none}. */
  static SettingType<Optional<URI>> maybeUrl() {
    return new SettingType<>(
        "URL|none",
        "a URL such as https://alerts.example.org/hook, or none",
        text -> text.equals(NONE)
            ? Optional.empty()
            : Optional.of(WebhookSettings.requireUrl(URI.create(text))));
  }

  static SettingType<String> text(String label, String expected) {
    return new SettingType<>(label, expected, Function.identity());
  }

  static SettingType<List<VoterAddress>> voters() {
    return new SettingType<>(
        "VOTER[,…]",
        "NAME=CLIENT_HOST:PORT/RAFT_HOST:PORT of each voter, separated by commas",
        text -> Arrays.stream(text.split(",", -1)).map(SettingType::readVoter).toList());
  }

  private static VoterAddress readVoter(String text) {
    VoterAddress voter = VoterAddress.parse(text.strip());
    checkName(voter.name());
    return voter;
  }

  static SettingType<Boolean> bool() {
    return new SettingType<>("true|false", "true or false", SettingType::readBoolean);
  }

  private static boolean readBoolean(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  static SettingType<Long> size(long leastBytes, long mostBytes) {
    String expected = "a size of " + Sizes.format(leastBytes) + " to " + Sizes.format(mostBytes);
    return new SettingType<>("SIZE", expected, Sizes::parse).bounded(leastBytes, mostBytes);
  }

  static SettingType<Integer> count(int least, int most) {
    String expected = "a whole number of " + least + " to " + most;
    return new SettingType<>("N", expected, Integer::parseInt).bounded(least, most);
  }

  static SettingType<Duration> duration(Duration least, Duration most) {
    String expected = "a duration of " + Durations.format(least) + " to " + Durations.format(most);
    return new SettingType<>("DURATION", expected, Durations::parse).bounded(least, most);
  }

  private <C extends Comparable<C>> SettingType<T> bounded(C least, C most) {
    return new SettingType<>(label, expected, text -> {
      T value = reader.apply(text);
      @SuppressWarnings("unchecked") // the factories above bound a type by its own values
      C comparable = (C) value;
      if (comparable.compareTo(least) < 0 || comparable.compareTo(most) > 0) {
        throw new IllegalArgumentException(text);
      }
      return value;
    });
  }
}
