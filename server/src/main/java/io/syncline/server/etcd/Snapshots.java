package io.syncline.server.etcd;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.stub.ServerCallStreamObserver;
import io.syncline.codec.EtcdCodec;
import io.syncline.model.ConfigVersion;
import io.syncline.model.EtcdError;
import io.syncline.model.KeyRange;
import io.syncline.model.RangeQuery;
import io.syncline.model.RangeResult;
import io.syncline.model.Revision;
import io.syncline.proto.etcd.v3.SnapshotResponse;
import io.syncline.server.etcd.bolt.DatabaseFile;
import io.syncline.server.rpc.Answers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Sends the keyspace as a database file that etcd itself can read: what {@code etcdctl snapshot} saves. It
 * holds the live keys, as they are at one revision, and the leases; no older versions, and no users.
 *
 * <p>One at a time: it takes as much room on the disk as the keys do. A caller that reads slowly is sent
 * no more than it takes.
 */
final class Snapshots {
  private static final String PREFIX = "etcd-snapshot-";
  /** As etcd sends it. */
  private static final int CHUNK_BYTES = 32 << 10;

  private final Keyspace keyspace;
  private final Executor workers;
  private final Answers answers;
  private final Path folder;
  private final Semaphore room = new Semaphore(1);

  /**
   * @param workers run what reads the store and the file
   * @param folder where the file is while it is sent
   */
  Snapshots(Keyspace keyspace, Executor workers, Answers answers, Path folder) {
    this.keyspace = keyspace;
    this.workers = workers;
    this.answers = answers;
    this.folder = folder;
  }

  /** Any thread; returns at once. */
  void send(ServerCallStreamObserver<SnapshotResponse> caller) {
    if (!room.tryAcquire()) {
      throw EtcdError.TOO_MANY_REQUESTS.exception();
    }
    var sending = new Sending(caller);
    caller.setOnReadyHandler(sending::soon);
    caller.setOnCancelHandler(sending::soon);
    sending.begin();
  }

  /** Sorted by revision, as the file wants them. */
  private RangeResult live() {
    var query = new RangeQuery(
        KeyRange.ALL,
        0,
        Revision.ZERO,
        RangeQuery.Order.ASCEND,
        RangeQuery.Target.MOD,
        false,
        false,
        0,
        0,
        0,
        0);
    return keyspace.serving().reads().range(keyspace.name(), query);
  }

  private void write(Path file) throws IOException {
    try (DatabaseFile database = DatabaseFile.create(file)) {
      RangeResult live = live();
      Revision revision = Revision.ZERO;
      int subIndex = 0;
      for (ConfigVersion version : live.versions()) {
        subIndex = version.revision().equals(revision) ? subIndex + 1 : 0;
        revision = version.revision();
        database.put(subIndex, EtcdCodec.toProto(version));
      }
      database.leases(keyspace.serving().reads().leases());
      var unused = database.finish(live.revision());
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One snapshot on its way; its steps are never taken by two threads at once. */
  private final class Sending {
    private final ServerCallStreamObserver<SnapshotResponse> caller;
    private final MessageDigest hash = sha256();
    private @Nullable Path file;
    private @Nullable InputStream in;
    private long left;
    private boolean done;

    Sending(ServerCallStreamObserver<SnapshotResponse> caller) {
      this.caller = caller;
    }

    void begin() {
      try {
        soon();
      } catch (RejectedExecutionException e) {
        close();
        throw e;
      }
    }

    void soon() {
      workers.execute(this::step);
    }

    private synchronized void step() {
      if (done) {
        return;
      }
      try {
        InputStream open = in;
        if (open == null) {
          open = open();
        }
        while (!caller.isCancelled() && caller.isReady() && left > 0) {
          sendChunk(open);
        }
        if (caller.isCancelled() || left == 0) {
          end();
        }
      } catch (IOException | RuntimeException e) {
        close();
        answers.fail(caller, e instanceof IOException io ? new UncheckedIOException(io) : e);
      }
    }

    private InputStream open() throws IOException {
      Path fresh = Files.createTempDirectory(folder, PREFIX).resolve("db");
      file = fresh;
      write(fresh);
      left = Files.size(fresh);
      InputStream opened = Files.newInputStream(fresh);
      in = opened;
      return opened;
    }

    private void sendChunk(InputStream open) throws IOException {
      byte[] chunk = open.readNBytes((int) Math.min(CHUNK_BYTES, left));
      hash.update(chunk);
      left -= chunk.length;
      caller.onNext(response(UnsafeByteOperations.unsafeWrap(chunk)));
    }

    private SnapshotResponse response(ByteString blob) {
      return SnapshotResponse.newBuilder()
          .setHeader(keyspace.header())
          .setRemainingBytes(left)
          .setBlob(blob)
          .build();
    }

    private void end() {
      close();
      if (!caller.isCancelled()) {
        caller.onNext(response(UnsafeByteOperations.unsafeWrap(hash.digest())));
        caller.onCompleted();
      }
    }

    /** Once, however it ends. */
    private synchronized void close() {
      if (done) {
        return;
      }
      done = true;
      room.release();
      try {
        if (in != null) {
          in.close();
        }
        Path written = file;
        if (written != null) {
          Files.deleteIfExists(written);
          Path parent = written.getParent();
          if (parent != null) {
            Files.deleteIfExists(parent);
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
