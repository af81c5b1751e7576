package io.syncline.bench.store;

import com.google.protobuf.ByteString;
import io.syncline.bench.load.Completion;
import io.syncline.model.Key;
import io.syncline.model.KeyRange;
import io.syncline.model.Revision;
import io.syncline.model.Version;
import java.util.concurrent.CompletableFuture;

/**
 * A store under load. Every call returns at once and tells its outcome later, on a thread that must not
 * be blocked; any number of calls may be under way.
 */
public interface Target extends AutoCloseable {
  /** The system's name, as it is put into records. */
  String name();

  /** Writes; succeeds when the write is committed, with its revision. */
  void put(Key key, ByteString content, Completion<? super Revision> completion);

  /** Reads linearizably. */
  void get(Key key, Completion<? super Stored> completion);

  /**
   * Writes if the key's version is the expected one ({@link Version#NONE}: if there is no such key).
   * Succeeds with whether it was.
   */
  void compareAndSet(
      Key key, Version expected, ByteString content, Completion<? super Boolean> completion);

  /**
   * Watches from now on.
   *
   * @return completes, when the watch is in place, with what ends it
   */
  CompletableFuture<AutoCloseable> watch(KeyRange range, WriteListener listener);

  @Override
  void close();

  /**
   * What is at a key.
   *
   * @param content empty if there is no such key
   * @param version {@link Version#NONE} if there is no such key
   */
  record Stored(ByteString content, Version version) {
    public static final Stored NOTHING = new Stored(ByteString.EMPTY, Version.NONE);
  }

  /** Called by one thread at a time, in the order of revisions. */
  interface WriteListener {
    void written(Key key, ByteString content, Revision revision);

    /** The watch ended by itself; nothing more comes. */
    void ended(Throwable cause);
  }
}
