package io.syncline.bench.fanout;

import java.util.List;

/** Many who are told of every write to some keys, in place from the start. */
public interface Audience extends AutoCloseable {
  List<Seat> seats();

  /** Bytes of encoded changes that all together have received so far; 0 if that is not counted. */
  long bytes();

  /** Lets all go. */
  @Override
  void close();
}
