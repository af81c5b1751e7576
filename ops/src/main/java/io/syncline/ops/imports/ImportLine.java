package io.syncline.ops.imports;

import com.google.protobuf.ByteString;
import io.syncline.model.Checksum;
import io.syncline.model.Command;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.Precondition;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One change to import.
 *
 * @param where it stands, for messages: a line number or a file
 * @param delete whether it deletes the key; then it has no content
 * @param contentType may be empty
 * @param time when it was made at its source, to the millisecond
 * @param reason why, or empty
 */
record ImportLine(
    String where,
    Key key,
    boolean delete,
    ByteString content,
    String contentType,
    Checksum checksum,
    @Nullable Instant time,
    String reason) {

  static ImportLine put(
      String where,
      Key key,
      ByteString content,
      String contentType,
      @Nullable Instant time,
      String reason) {
    return new ImportLine(
        where, key, false, content, contentType, Checksum.of(content), time, reason);
  }

  static ImportLine delete(String where, Key key, @Nullable Instant time, String reason) {
    return new ImportLine(
        where, key, true, ByteString.EMPTY, "", Checksum.OF_NOTHING, time, reason);
  }

  Command command(NamespaceName namespace) {
    return delete
        ? new Command.Delete(namespace, key, Precondition.NONE, time)
        : new Command.Put(
            namespace,
            key,
            new Command.Content(content, contentType, checksum),
            Precondition.NONE,
            false,
            time);
  }
}
