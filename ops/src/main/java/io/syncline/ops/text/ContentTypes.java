package io.syncline.ops.text;

import java.util.Locale;
import java.util.Map;

/** Guesses a media type from a name's extension. */
public final class ContentTypes {
  private static final Map<String, String> BY_EXTENSION = Map.ofEntries(
      Map.entry("yaml", "application/yaml"),
      Map.entry("yml", "application/yaml"),
      Map.entry("json", "application/json"),
      Map.entry("toml", "application/toml"),
      Map.entry("xml", "application/xml"),
      Map.entry("properties", "text/x-java-properties"),
      Map.entry("ini", "text/plain"),
      Map.entry("conf", "text/plain"),
      Map.entry("cfg", "text/plain"),
      Map.entry("env", "text/plain"),
      Map.entry("txt", "text/plain"),
      Map.entry("md", "text/markdown"),
      Map.entry("html", "text/html"),
      Map.entry("css", "text/css"),
      Map.entry("csv", "text/csv"),
      Map.entry("js", "text/javascript"),
      Map.entry("sh", "application/x-sh"),
      Map.entry("pem", "application/x-pem-file"),
      Map.entry("png", "image/png"),
      Map.entry("svg", "image/svg+xml"),
      Map.entry("gz", "application/gzip"),
      Map.entry("zip", "application/zip"));

  private ContentTypes() {}

  /** The media type, or empty text if the name does not tell. */
  public static String ofName(String name) {
    int dot = name.lastIndexOf('.');
    if (dot < 0 || name.indexOf('/', dot) >= 0) {
      return "";
    }
    return BY_EXTENSION.getOrDefault(name.substring(dot + 1).toLowerCase(Locale.ROOT), "");
  }
}
