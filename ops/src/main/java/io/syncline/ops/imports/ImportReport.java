package io.syncline.ops.imports;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What an import did; of a dry run, what it would do.
 *
 * @param lines that were read
 * @param keys they are about
 * @param versions that were made
 * @param unchanged lines that leave their key as it is
 * @param alreadyImported lines that an earlier import wrote
 * @param deletesOfNothing deletes of keys without a live value
 * @param bytes of the contents written
 */
public record ImportReport(
    boolean dryRun,
    long lines,
    long keys,
    long versions,
    long unchanged,
    long alreadyImported,
    long deletesOfNothing,
    long bytes,
    Duration duration) {

  public Map<String, Object> fields() {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("dry_run", dryRun);
    fields.put("lines", lines);
    fields.put("keys", keys);
    fields.put("versions", versions);
    fields.put("unchanged", unchanged);
    fields.put("already_imported", alreadyImported);
    fields.put("deletes_of_nothing", deletesOfNothing);
    fields.put("bytes", bytes);
    fields.put("seconds", duration.toMillis() / 1000.0);
    return fields;
  }

  public String sentence() {
    return String.format(
        Locale.ROOT,
        "%s %d lines of %d keys in %.1f s: %d versions made, %d unchanged, %d already imported,"
            + " %d deletes of nothing; %d bytes written",
        dryRun ? "would import" : "imported",
        lines,
        keys,
        duration.toMillis() / 1000.0,
        versions,
        unchanged,
        alreadyImported,
        deletesOfNothing,
        bytes);
  }
}
