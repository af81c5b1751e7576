package io.syncline.server.node;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Who a voter is, as its data folder says, in the file {@code voter.properties}.
 *
 * @param name as configured when the folder was made
 * @param incarnation drawn when the folder was made; part of the voter's identity in Raft, so that
 *     one who lost its data comes back as somebody else
 * @param cluster which cluster the folder belongs to; empty before that is known
 * @param founders each founding voter's incarnation; of a voter that was let in later, as the others
 *     told it
 * @param joining whether it waits to be let into a running cluster
 * @param started whether it ever took part: from then on its log must be there
 */
record Identity(
    String name,
    String incarnation,
    Optional<UUID> cluster,
    Map<String, String> founders,
    boolean joining,
    boolean started) {

  static final String FILE = "voter.properties";

  private static final int INCARNATION_SIZE_BYTES = 6;
  private static final String FOUNDER_PREFIX = "founder.";

  Identity {
    founders = Map.copyOf(founders);
  }

  static Identity fresh(String name) {
    byte[] random = new byte[INCARNATION_SIZE_BYTES];
    new SecureRandom().nextBytes(random);
    return new Identity(
        name, HexFormat.of().formatHex(random), Optional.empty(), Map.of(), false, false);
  }

  Identity founded(UUID clusterId, Map<String, String> foundingVoters) {
    return new Identity(name, incarnation, Optional.of(clusterId), foundingVoters, false, false);
  }

  Identity joining(UUID clusterId, Map<String, String> foundingVoters) {
    return new Identity(name, incarnation, Optional.of(clusterId), foundingVoters, true, false);
  }

  Identity joined() {
    return new Identity(name, incarnation, cluster, founders, false, started);
  }

  Identity tookPart() {
    return new Identity(name, incarnation, cluster, founders, joining, true);
  }

  /** What the folder says; empty if it says nothing yet. */
  static Optional<Identity> load(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    var properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
      return Optional.of(parse(properties, file));
    } catch (IOException | IllegalArgumentException e) {
      throw new RefusedToStart("data folder: cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static Identity parse(Properties properties, Path file) {
    String name = properties.getProperty("name");
    String incarnation = properties.getProperty("incarnation");
    if (name == null || incarnation == null) {
      throw new IllegalArgumentException(file + " names no voter");
    }
    var founders = new TreeMap<String, String>();
    for (String property : properties.stringPropertyNames()) {
      if (property.startsWith(FOUNDER_PREFIX)) {
        founders.put(
            property.substring(FOUNDER_PREFIX.length()), properties.getProperty(property, ""));
      }
    }
    return new Identity(
        name,
        incarnation,
        Optional.ofNullable(properties.getProperty("cluster")).map(UUID::fromString),
        founders,
        Boolean.parseBoolean(properties.getProperty("joining")),
        Boolean.parseBoolean(properties.getProperty("started")));
  }

  /** Writes the file, all of it or nothing, and to the disk before it returns. */
  void save(Path folder) {
    var properties = new Properties();
    properties.setProperty("name", name);
    properties.setProperty("incarnation", incarnation);
    cluster.ifPresent(id -> properties.setProperty("cluster", id.toString()));
    founders.forEach((voter, inc) -> properties.setProperty(FOUNDER_PREFIX + voter, inc));
    properties.setProperty("joining", Boolean.toString(joining));
    properties.setProperty("started", Boolean.toString(started));
    Path file = folder.resolve(FILE);
    Path unfinished = folder.resolve(FILE + ".new");
    try {
      try (Writer writer = Files.newBufferedWriter(unfinished)) {
        properties.store(writer, "who this voter is; do not edit, do not copy to another voter");
      }
      sync(unfinished, StandardOpenOption.WRITE);
      Files.move(
          unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      sync(folder, StandardOpenOption.READ);
    } catch (IOException e) {
      throw new RefusedToStart("data folder: cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  private static void sync(Path path, StandardOpenOption option) throws IOException {
    try (FileChannel channel = FileChannel.open(path, option)) {
      channel.force(true);
    }
  }
}
