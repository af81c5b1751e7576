package io.syncline.client;

import io.grpc.Channel;
import io.grpc.Deadline;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.syncline.client.Failure.Kind;
import io.syncline.model.Endpoint;
import io.syncline.proto.api.v1.WriteManyRequest.Write;
import io.syncline.proto.api.v1.WriteResponse;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One try of one small write, over the stream of writes to one voter. */
final class StreamedWrite implements Attempt {
  private final WriteStreams streams;
  private final Endpoint voter;
  private final Channel channel;
  private final Consumer<Write.Builder> content;
  private final int sizeBytes;
  private final Deadline deadline;
  private final Consumer<WriteResponse> onAnswer;
  private final Consumer<Failure> onFailure;

  private long id;
  private volatile @Nullable WriteStream stream;

  /** What never left this process cannot have been done. */
  private volatile boolean handedOver;

  /**
   * @param channel to the voter
   * @param content sets the write itself
   * @param sizeBytes of the write
   */
  StreamedWrite(
      WriteStreams streams,
      Endpoint voter,
      Channel channel,
      Consumer<Write.Builder> content,
      int sizeBytes,
      Deadline deadline,
      Consumer<WriteResponse> onAnswer,
      Consumer<Failure> onFailure) {
    this.streams = streams;
    this.voter = voter;
    this.channel = channel;
    this.content = content;
    this.sizeBytes = sizeBytes;
    this.deadline = deadline;
    this.onAnswer = onAnswer;
    this.onFailure = onFailure;
  }

  @Override
  public void start() {
    streams.start(this);
  }

  @Override
  public void cancel() {
    WriteStream taking = stream;
    if (taking != null && taking.forget(this)) {
      failed(Status.CANCELLED.withDescription("given up by the caller").asRuntimeException());
    }
  }

  Endpoint voter() {
    return voter;
  }

  Channel channel() {
    return channel;
  }

  int sizeBytes() {
    return sizeBytes;
  }

  Deadline deadline() {
    return deadline;
  }

  /** The write's number in the stream that has taken it. */
  long id() {
    return id;
  }

  void takenBy(WriteStream taking, long asId) {
    id = asId;
    stream = taking;
  }

  /** To be called before the message can reach a connection. */
  void handOver(Write.Builder into) {
    handedOver = true;
    content.accept(into.setId(id));
  }

  void answered(WriteResponse answer) {
    onAnswer.accept(answer);
  }

  void failed(StatusRuntimeException error) {
    onFailure.accept(Failure.of(error, handedOver));
  }

  /** The voter is of a release that knows no stream: the next attempt will need none. */
  void notServed(StatusRuntimeException error) {
    onFailure.accept(new Failure(Kind.PASSING, error, null, false));
  }
}
