package io.syncline.server.raft;

import com.google.protobuf.ByteString;
import io.syncline.model.Checksum;
import io.syncline.model.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The file {@code files.sha256} of a snapshot: a SHA-256 and a name a line, as {@code sha256sum -c}
 * reads it.
 */
final class ChecksumList {
  static final String NAME = "files.sha256";

  private static final String SEPARATOR = "  ";
  private static final String IMMUTABLE_SUFFIX = ".sst";
  private static final String RATIS_SUM_SUFFIX = ".md5";
  private static final int BUFFER_SIZE_BYTES = 1 << 20;

  /** RocksDB never changes a table file, nor reuses its name: hashed once, known for ever. */
  private final Map<String, Checksum> known = new HashMap<>();

  /** Hashes every file of the folder and writes the list into it. */
  synchronized void write(Path folder) throws IOException {
    var lines = new ArrayList<String>();
    var current = new HashMap<String, Checksum>();
    for (Path file : filesOf(folder)) {
      String name = file.getFileName().toString();
      Checksum checksum = known.get(name);
      if (checksum == null) {
        checksum = hash(file);
      }
      if (name.endsWith(IMMUTABLE_SUFFIX)) {
        current.put(name, checksum);
      }
      lines.add(checksum + SEPARATOR + name);
    }
    known.clear();
    known.putAll(current);
    Files.write(folder.resolve(NAME), lines);
  }

  /**
   * Compares every listed file with its checksum.
   *
   * @return the files, without the list itself
   * @throws Fault if one is missing or differs
   */
  synchronized List<Path> verify(Path folder) throws IOException {
    known.clear();
    Path list = folder.resolve(NAME);
    if (!Files.exists(list)) {
      throw new Fault("raft: snapshot " + folder + " has no " + NAME + "; it is not complete");
    }
    var files = new ArrayList<Path>();
    for (String line : Files.readAllLines(list)) {
      int at = line.indexOf(SEPARATOR);
      Path file = folder.resolve(line.substring(at + SEPARATOR.length()));
      if (!Files.exists(file) || !hash(file).equals(Checksum.parse(line.substring(0, at)))) {
        throw new Fault(
            "raft: snapshot file " + file + " is missing or does not match its checksum");
      }
      files.add(file);
    }
    return files;
  }

  /** The files of a snapshot, in order of their names; not what Ratis leaves beside them. */
  static List<Path> filesOf(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(Files::isRegularFile)
          .filter(file -> !file.getFileName().toString().endsWith(RATIS_SUM_SUFFIX))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new Fault("raft: cannot list snapshot " + folder + ": " + e.getMessage(), e);
    }
  }

  private static Checksum hash(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      var hashing = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"));
      byte[] buffer = new byte[BUFFER_SIZE_BYTES];
      while (hashing.read(buffer) >= 0) {
        // the stream hashes what is read
      }
      return new Checksum(ByteString.copyFrom(hashing.getMessageDigest().digest()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
