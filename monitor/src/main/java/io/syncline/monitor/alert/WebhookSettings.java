package io.syncline.monitor.alert;

import java.net.URI;
import java.time.Duration;

/**
 * Where notices of alerts go, and how patiently.
 *
 * @param url http or https
 * @param runbooks the folder of runbooks, as links in notices begin: a URL or a path, with a slash at
 *     the end
 * @param timeout of one attempt
 * @param attempts of one notice
 * @param firstWait between the first attempt and the second; doubled each time, up to the longest
 */
public record WebhookSettings(
    URI url,
    String runbooks,
    Duration timeout,
    int attempts,
    Duration firstWait,
    Duration longestWait) {

  public WebhookSettings {
    requireUrl(url);
    if (attempts < 1) {
      throw new IllegalArgumentException("attempts: " + attempts + " (expected: >= 1)");
    }
  }

  /**
   * @throws IllegalArgumentException if nobody could be reached there
   */
  public static URI requireUrl(URI url) {
    String scheme = String.valueOf(url.getScheme());
    if (!(scheme.equals("http") || scheme.equals("https")) || url.getHost() == null) {
      throw new IllegalArgumentException(
          "webhook: " + url + " (expected: a URL such as https://alerts.example.org/hook)");
    }
    return url;
  }

  /** Of 20 attempts, a quarter of an hour apart in all: longer than a receiver's upgrade takes. */
  public static WebhookSettings of(URI url, String runbooks) {
    return new WebhookSettings(
        url, runbooks, Duration.ofSeconds(10), 20, Duration.ofSeconds(1), Duration.ofMinutes(1));
  }
}
