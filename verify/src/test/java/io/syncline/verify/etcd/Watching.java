package io.syncline.verify.etcd;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.syncline.proto.etcd.v3.DeleteRangeRequest;
import io.syncline.proto.etcd.v3.PutRequest;
import io.syncline.proto.etcd.v3.RequestOp;
import io.syncline.proto.etcd.v3.TxnRequest;
import io.syncline.proto.etcd.v3.WatchCancelRequest;
import io.syncline.proto.etcd.v3.WatchCreateRequest;
import io.syncline.proto.etcd.v3.WatchProgressRequest;
import io.syncline.proto.etcd.v3.WatchRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The operations on watches. Streams have the numbers that the generator gives them. */
final class Watching {
  private Watching() {}

  private static WatchRequest request(WatchCreateRequest create) {
    return WatchRequest.newBuilder().setCreateRequest(create).build();
  }

  private static WatchRequest progress() {
    return WatchRequest.newBuilder()
        .setProgressRequest(WatchProgressRequest.getDefaultInstance())
        .build();
  }

  /** Creates one, on a stream that is opened if it is not there. */
  record Create(int stream, WatchCreateRequest request) implements Operation {
    @Override
    public Answer run(Session session) {
      if (!session.streams().containsKey(stream)) {
        session.open(stream, new GrpcWatchStream(session.target()));
      }
      session.stream(stream).send(Watching.request(request));
      return session.stream(stream).awaitControl();
    }

    @Override
    public String toString() {
      return "create a watch on stream " + stream + ": " + Operation.text(request);
    }
  }

  /** Opens a stream through the gateway with some watches, and asks for their progress if told. */
  record CreateOverHttp(int stream, List<WatchCreateRequest> requests, boolean progress, Way way)
      implements Operation {
    @Override
    public Answer run(Session session) {
      var body = new StringBuilder();
      requests.forEach(create -> body.append(RequestJson.of(Watching.request(create), way)));
      if (progress) {
        body.append(RequestJson.of(Watching.progress(), way));
      }
      var opened = new HttpWatchStream(session.target(), way.prefix() + "watch", body.toString());
      session.open(stream, opened);
      var answers = new ArrayList<Answer>();
      for (int i = 0; i < requests.size() + (progress ? 1 : 0); i++) {
        Answer answer = opened.awaitControl();
        if (answer.isInVain()) {
          return answer;
        }
        answers.add(answer);
      }
      return Answer.of(answers);
    }

    @Override
    public String toString() {
      String watches = requests.stream().map(Operation::text).collect(Collectors.joining(" | "));
      return "create watches over HTTP [" + way + "] on stream " + stream + ": " + watches
          + (progress ? ", then ask for progress" : "");
    }
  }

  /** Cancels one. Nothing is answered if there is none: then progress is asked for, to be sure. */
  record Cancel(int stream, long id, boolean exists) implements Operation {
    @Override
    public Answer run(Session session) {
      WatchStream open = session.stream(stream);
      open.send(WatchRequest.newBuilder()
          .setCancelRequest(WatchCancelRequest.newBuilder().setWatchId(id))
          .build());
      if (!exists) {
        open.send(progress());
      }
      return open.awaitControl();
    }
  }

  record AskProgress(int stream) implements Operation {
    @Override
    public Answer run(Session session) {
      session.stream(stream).send(progress());
      return session.stream(stream).awaitControl();
    }
  }

  record Close(int stream) implements Operation {
    @Override
    public Answer run(Session session) {
      session.closeStream(stream);
      return new Answer("OK", Answer.object());
    }
  }

  /**
   * A watch as the generator knows it.
   *
   * @param start the first revision it wants
   * @param overHttp whether its stream takes no further requests
   */
  record Watched(
      int stream,
      long id,
      ByteString key,
      long start,
      boolean puts,
      boolean deletes,
      boolean overHttp) {
    String name() {
      return stream + "/" + id;
    }
  }

  /**
   * Writes into the range of every watch, waits until all have it, and takes what they have got. If
   * one of them wants deletions only, what was written is deleted again.
   */
  record Barrier(int number, List<Watched> watches) implements Operation {
    @Override
    public Answer run(Session session) {
      List<ByteString> keys = watches.stream().map(Watched::key).distinct().toList();
      ObjectNode body = Answer.object();
      long put = write(session, keys, this::put, body.putObject("put"));
      boolean deleting = watches.stream().anyMatch(watch -> watch.deletes && !watch.puts);
      long deleted = deleting ? write(session, keys, this::delete, body.putObject("delete")) : 0;
      for (var entry : session.streams().entrySet()) {
        int stream = entry.getKey();
        Answer taken = entry.getValue().take(awaited(stream, put, deleted));
        if (taken.isInVain()) {
          return taken;
        }
        body.withObject("/streams").set(Integer.toString(stream), taken.body());
      }
      return new Answer("OK", body);
    }

    private Map<Long, Long> awaited(int stream, long put, long deleted) {
      var awaited = new HashMap<Long, Long>();
      for (Watched watch : watches) {
        long revision = watch.deletes && deleted > 0 ? deleted : watch.puts ? put : 0;
        if (watch.stream == stream && revision > 0 && watch.start <= revision) {
          awaited.put(watch.id, revision);
        }
      }
      return awaited;
    }

    private static long write(
        Session session,
        List<ByteString> keys,
        Function<ByteString, RequestOp> write,
        ObjectNode as) {
      var txn = TxnRequest.newBuilder();
      keys.forEach(key -> txn.addSuccess(write.apply(key)));
      Answer answer = session.call(Method.TXN, txn.build(), Way.GRPC);
      as.put("status", answer.status()).set("body", answer.body());
      return answer.revision();
    }

    private RequestOp put(ByteString key) {
      var put = PutRequest.newBuilder()
          .setKey(key)
          .setValue(ByteString.copyFromUtf8("barrier " + number));
      return RequestOp.newBuilder().setRequestPut(put).build();
    }

    private RequestOp delete(ByteString key) {
      return RequestOp.newBuilder()
          .setRequestDeleteRange(DeleteRangeRequest.newBuilder().setKey(key))
          .build();
    }

    @Override
    public String toString() {
      return "barrier " + number + ": " + watches.stream().map(Watched::name).toList();
    }
  }
}
