package io.syncline.client;

import com.google.protobuf.MessageLite;
import io.grpc.MethodDescriptor;
import io.syncline.model.Consistency;
import io.syncline.model.Rejection;
import io.syncline.proto.api.v1.WriteManyRequest.Write;
import io.syncline.proto.api.v1.WriteResponse;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What to ask, the same at each attempt: a write carries one command id however often it is sent.
 *
 * @param decode reads the answer; what it throws means that the answer was not understood
 * @param waitsForRoom whether a rejection for want of room is worth another attempt, and not the
 *     request's own fault
 * @param answerOf gives the answer that a rejection amounts to, if it does
 * @param streamed null: it never travels among others
 */
record Request<Q extends MessageLite, A, R>(
    MethodDescriptor<Q, A> method,
    Q message,
    Purpose purpose,
    Function<A, R> decode,
    Predicate<Rejection> waitsForRoom,
    Function<Rejection, Optional<R>> answerOf,
    @Nullable Streamed<A> streamed) {

  /**
   * How it travels in the stream of writes, while it is small.
   *
   * @param content sets the write itself
   * @param answer makes its method's answer of the stream's
   */
  record Streamed<A>(Consumer<Write.Builder> content, Function<WriteResponse, A> answer) {}

  enum Purpose {
    WRITE,
    LEADER_READ,
    /** Any voter answers. */
    READ,
    /** About one voter: asked once, there and nowhere else. */
    INSPECTION
  }

  static <Q extends MessageLite, A, R> Request<Q, A, R> write(
      MethodDescriptor<Q, A> method,
      Q message,
      Function<A, R> decode,
      Predicate<Rejection> waitsForRoom) {
    return new Request<>(
        method, message, Purpose.WRITE, decode, waitsForRoom, rejection -> Optional.empty(), null);
  }

  /** A write of one key, whose refusal for want of room is worth another attempt. */
  static <Q extends MessageLite, R> Request<Q, WriteResponse, R> streamedWrite(
      MethodDescriptor<Q, WriteResponse> method,
      Q message,
      BiConsumer<Write.Builder, Q> content,
      Function<WriteResponse, R> decode) {
    return new Request<>(
        method,
        message,
        Purpose.WRITE,
        decode,
        rejection -> true,
        rejection -> Optional.empty(),
        new Streamed<>(write -> content.accept(write, message), Function.identity()));
  }

  static <Q extends MessageLite, A, R> Request<Q, A, R> read(
      MethodDescriptor<Q, A> method, Q message, Consistency consistency, Function<A, R> decode) {
    return read(method, message, consistency, decode, rejection -> Optional.empty());
  }

  static <Q extends MessageLite, A, R> Request<Q, A, R> read(
      MethodDescriptor<Q, A> method,
      Q message,
      Consistency consistency,
      Function<A, R> decode,
      Function<Rejection, Optional<R>> answerOf) {
    Purpose purpose =
        consistency instanceof Consistency.Linearizable ? Purpose.LEADER_READ : Purpose.READ;
    return new Request<>(method, message, purpose, decode, rejection -> false, answerOf, null);
  }

  static <Q extends MessageLite, A> Request<Q, A, A> inspection(
      MethodDescriptor<Q, A> method, Q message) {
    return new Request<>(
        method,
        message,
        Purpose.INSPECTION,
        Function.identity(),
        rejection -> false,
        rejection -> Optional.empty(),
        null);
  }

  boolean isWrite() {
    return purpose == Purpose.WRITE;
  }

  /** The name of the operation, for messages. */
  String name() {
    String name = method.getBareMethodName();
    return name == null ? method.getFullMethodName() : name;
  }
}
