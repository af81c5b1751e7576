package io.syncline.server.raft;

import io.syncline.model.Fault;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The index of the last entry this voter applied, outside of log and store: what the log must at
 * least hold when the voter starts again.
 *
 * <p>Ratis starts silently on a log whose open segment was deleted, zeroed or cut, and such a voter
 * could help to elect a leader that lacks acknowledged writes. The mark is a memory-mapped number: it
 * survives the process, and costs no system call. It is not synced; after a power cut it may be older
 * than what was applied, and then demands less.
 */
final class AppliedMark implements AutoCloseable {
  private static final int SIZE_BYTES = Long.BYTES;

  private final FileChannel channel;
  private final MappedByteBuffer mapped;

  private AppliedMark(FileChannel channel, MappedByteBuffer mapped) {
    this.channel = channel;
    this.mapped = mapped;
  }

  static AppliedMark open(Path file) {
    try {
      FileChannel channel = FileChannel.open(
          file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      boolean isNew = channel.size() < SIZE_BYTES;
      var mark = new AppliedMark(channel, channel.map(MapMode.READ_WRITE, 0, SIZE_BYTES));
      if (isNew) {
        mark.set(-1);
      }
      return mark;
    } catch (IOException e) {
      throw new Fault("raft: cannot open the applied mark " + file + ": " + e.getMessage(), e);
    }
  }

  /** The index; -1 if nothing was ever applied. */
  long get() {
    return mapped.getLong(0);
  }

  void set(long index) {
    mapped.putLong(0, index);
  }

  @Override
  public void close() {
    try {
      mapped.force();
      channel.close();
    } catch (IOException e) {
      throw new Fault("raft: cannot close the applied mark: " + e.getMessage(), e);
    }
  }
}
