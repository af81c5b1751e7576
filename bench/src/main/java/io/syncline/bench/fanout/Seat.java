package io.syncline.bench.fanout;

import com.google.protobuf.ByteString;
import io.syncline.bench.store.Target.WriteListener;
import io.syncline.model.Key;
import io.syncline.model.Revision;
import org.jspecify.annotations.Nullable;

/**
 * One place in an audience: hands on what arrives to whoever listens just now, so that one audience can
 * be asked about several loads. Between two loads nothing is under way.
 */
public final class Seat implements WriteListener {
  private volatile @Nullable WriteListener listener;
  private volatile @Nullable Throwable endedBy;

  /** Any thread. A seat that has ended says so to each who listens. */
  void listen(WriteListener next) {
    listener = next;
    Throwable cause = endedBy;
    if (cause != null) {
      next.ended(cause);
    }
  }

  @Override
  public void written(Key key, ByteString content, Revision revision) {
    WriteListener now = listener;
    if (now != null) {
      now.written(key, content, revision);
    }
  }

  @Override
  public void ended(Throwable cause) {
    endedBy = cause;
    WriteListener now = listener;
    if (now != null) {
      now.ended(cause);
    }
  }
}
