package io.syncline.ops.imports;

import io.syncline.client.SynclineClient;
import io.syncline.model.Command.CreateNamespace;
import io.syncline.model.NamespaceName;
import io.syncline.model.NamespaceSettings;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection.Reason;
import io.syncline.ops.RefusedException;
import io.syncline.ops.output.Progress;
import io.syncline.ops.output.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * Imports a history or a folder: reads and checks all of it, compares it with what the store has, and
 * writes what is missing. Importing again changes nothing, whatever happened in between.
 */
public final class Import {
  private final ImportSource source;
  private final NamespaceName namespace;
  private final boolean createNamespace;
  private final boolean dryRun;

  private Import(
      ImportSource source, NamespaceName namespace, boolean createNamespace, boolean dryRun) {
    this.source = source;
    this.namespace = namespace;
    this.createNamespace = createNamespace;
    this.dryRun = dryRun;
  }

  /**
   * @param path a file of JSON lines, maybe compressed by gzip, or a folder
   * @param hidden of a folder: whether to take files too whose names begin with a dot
   * @param reason of changes that tell none
   */
  public static Import of(
      Path path,
      boolean hidden,
      String reason,
      NamespaceName namespace,
      boolean createNamespace,
      boolean dryRun)
      throws IOException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString());
    }
    ImportSource source = Files.isDirectory(path)
        ? new Folder(path, hidden, reason)
        : new JsonLines(path.toString(), () -> Files.newInputStream(path), reason);
    return new Import(source, namespace, createNamespace, dryRun);
  }

  /** Imports JSON lines that come with the program; makes the namespace. */
  public static Import ofResource(String resource, NamespaceName namespace) {
    JsonLines.Opening opening = () -> open(resource);
    return new Import(new JsonLines(resource, opening, ""), namespace, true, false);
  }

  private static InputStream open(String resource) {
    return Objects.requireNonNull(Import.class.getResourceAsStream(resource), resource);
  }

  public ImportReport run(SynclineClient client, Terminal terminal)
      throws IOException, InterruptedException {
    long begunNanos = System.nanoTime();
    ImportPlan plan = ImportPlan.check(source);
    if (!prepareNamespace(client)) {
      new Histories(client, namespace).compare(plan);
    }
    var counts = new ImportCounts();
    var pipeline = new WritePipeline(client, namespace, counts);
    try (Progress progress = Progress.start(terminal, "import", "lines", plan.lineCount())) {
      source.forEach(line -> {
        take(line, plan, counts, pipeline);
        progress.step();
      });
      pipeline.finish();
    }
    return counts.report(dryRun, plan, Duration.ofNanos(System.nanoTime() - begunNanos));
  }

  /**
   * @return whether nobody ever wrote there, so that there is nothing to compare with
   */
  private boolean prepareNamespace(SynclineClient client) {
    if (createNamespace && dryRun) {
      return client.namespaces().stream()
          .noneMatch(n -> n.name().equals(namespace) && n.changes() > 0);
    }
    if (createNamespace) {
      try {
        client.write(new CreateNamespace(namespace, NamespaceSettings.KEEP_ALL), "");
        return true;
      } catch (RejectedException e) {
        if (e.rejection().reason() != Reason.NAMESPACE_EXISTS) {
          throw e;
        }
      }
    }
    return client.namespace(namespace).changes() == 0;
  }

  private void take(ImportLine line, ImportPlan plan, ImportCounts counts, WritePipeline pipeline)
      throws InterruptedException {
    switch (actionOn(line, plan)) {
      case ALREADY_IMPORTED -> counts.alreadyImported.increment();
      case UNCHANGED -> counts.unchanged.increment();
      case DELETE_OF_NOTHING -> counts.deletesOfNothing.increment();
      case WRITE -> {
        if (dryRun) {
          counts.versions.increment();
          counts.bytes.add(line.content().size());
        } else {
          pipeline.write(line);
        }
      }
    }
  }

  private KeyLines.Action actionOn(ImportLine line, ImportPlan plan) {
    try {
      return plan.of(line.key()).next(Mark.of(line));
    } catch (IllegalArgumentException e) {
      throw new RefusedException(source.name() + " " + line.where() + ": " + e.getMessage());
    }
  }
}
