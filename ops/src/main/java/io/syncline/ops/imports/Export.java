package io.syncline.ops.imports;

import com.google.protobuf.ByteString;
import io.syncline.client.HistoryQuery;
import io.syncline.client.ListQuery;
import io.syncline.client.Page;
import io.syncline.client.SynclineClient;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Consistency;
import io.syncline.model.Key;
import io.syncline.model.ReadAt;
import io.syncline.model.Revision;
import io.syncline.ops.output.Progress;
import io.syncline.ops.output.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Exports the live keys of a namespace as of one revision, or all kept versions up to it in the order
 * of their revisions.
 */
public final class Export {
  private static final int READS_AT_ONCE = 16;
  private static final int PAGE_VERSIONS = 10_000;

  private final SynclineClient client;
  private final ListQuery query;
  private final boolean history;

  private Export(SynclineClient client, ListQuery query, boolean history) {
    this.client = client;
    this.query = query.withPageSize(PAGE_VERSIONS).withContent(false).withDeleted(history);
    this.history = history;
  }

  /**
   * @param versions that were written
   * @param revision as of which
   */
  public record Report(long versions, long keys, Revision revision) {}

  /**
   * @param path a file whose name ends with .jsonl or .jsonl.gz, or else a folder
   * @param query says what and when
   * @param overwrite whether the file, or files in the folder, may exist already
   */
  public static Report run(
      SynclineClient client,
      ListQuery query,
      boolean history,
      Path path,
      boolean overwrite,
      Terminal terminal)
      throws IOException {
    try (ExportTarget target =
        isFile(path) ? new JsonLinesTarget(path, overwrite) : new FolderTarget(path, overwrite)) {
      return new Export(client, query, history).run(target, terminal);
    }
  }

  /** Whether an export to this path makes a file, not a folder. */
  public static boolean isFile(Path path) {
    String name = path.toString();
    return name.endsWith(".jsonl") || name.endsWith(".jsonl.gz");
  }

  private Report run(ExportTarget target, Terminal terminal) throws IOException {
    var heads = new ArrayList<ConfigVersion>();
    Revision revision = list(heads);
    target.check(heads.stream().map(ConfigVersion::key).toList());
    List<ConfigVersion> versions = history ? allVersions(heads, revision) : heads;
    try (Progress progress = Progress.start(terminal, "export", "versions", versions.size())) {
      copy(versions, target, progress);
    }
    target.finish();
    return new Report(versions.size(), heads.size(), revision);
  }

  private Revision list(List<ConfigVersion> heads) {
    ByteString token = ByteString.EMPTY;
    Page<ConfigVersion> page;
    do {
      page = client.list(query.withPageToken(token));
      heads.addAll(page.items());
      token = page.nextPageToken();
    } while (!page.isLast());
    return page.revision();
  }

  private List<ConfigVersion> allVersions(List<ConfigVersion> heads, Revision revision) {
    var versions = new ArrayList<ConfigVersion>();
    for (ConfigVersion head : heads) {
      HistoryQuery ofKey = HistoryQuery.of(query.namespace(), head.key())
          .withConsistency(query.consistency())
          .withContent(false)
          .withPageSize(PAGE_VERSIONS);
      client
          .historyAll(ofKey)
          .filter(version -> !version.revision().isAfter(revision))
          .forEach(versions::add);
    }
    versions.sort(Comparator.comparing(ConfigVersion::revision)
        .thenComparing(ConfigVersion::key, Comparator.<Key>naturalOrder()));
    return versions;
  }

  /** Reads the contents a few at a time, for all of them may be more than fits in memory. */
  private void copy(List<ConfigVersion> versions, ExportTarget target, Progress progress)
      throws IOException {
    Deque<CompletableFuture<ConfigVersion>> underWay = new ArrayDeque<>();
    for (ConfigVersion version : versions) {
      if (underWay.size() == READS_AT_ONCE) {
        target.write(underWay.removeFirst().join());
        progress.step();
      }
      underWay.addLast(read(version));
    }
    for (CompletableFuture<ConfigVersion> read : underWay) {
      target.write(read.join());
      progress.step();
    }
  }

  private CompletableFuture<ConfigVersion> read(ConfigVersion version) {
    return version.tombstone()
        ? CompletableFuture.completedFuture(version)
        : client
            .async()
            .get(
                query.namespace(),
                version.key(),
                new ReadAt.AtVersion(version.version()),
                new Consistency.AtLeast(version.revision()));
  }
}
