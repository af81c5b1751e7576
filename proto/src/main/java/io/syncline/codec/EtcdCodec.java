package io.syncline.codec;

import com.google.protobuf.ByteString;
import io.syncline.model.Command.Content;
import io.syncline.model.ConfigVersion;
import io.syncline.model.EtcdError;
import io.syncline.model.Key;
import io.syncline.model.KeyRange;
import io.syncline.model.RangeQuery;
import io.syncline.model.RangeResult;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Revision;
import io.syncline.model.Txn;
import io.syncline.model.Txn.Operation;
import io.syncline.model.TxnResult;
import io.syncline.model.TxnResult.Step;
import io.syncline.proto.etcd.kv.KeyValue;
import io.syncline.proto.etcd.v3.Compare;
import io.syncline.proto.etcd.v3.DeleteRangeRequest;
import io.syncline.proto.etcd.v3.DeleteRangeResponse;
import io.syncline.proto.etcd.v3.PutRequest;
import io.syncline.proto.etcd.v3.PutResponse;
import io.syncline.proto.etcd.v3.RangeRequest;
import io.syncline.proto.etcd.v3.RangeResponse;
import io.syncline.proto.etcd.v3.RequestOp;
import io.syncline.proto.etcd.v3.ResponseHeader;
import io.syncline.proto.etcd.v3.ResponseOp;
import io.syncline.proto.etcd.v3.TxnRequest;
import io.syncline.proto.etcd.v3.TxnResponse;
import java.util.List;

/**
 * What clients of etcd's API say, as the domain has it, and back. What etcd refuses by the look of it is
 * refused here, in its words: {@link RejectedException}.
 */
public final class EtcdCodec {
  private EtcdCodec() {}

  /** The keys that a request names. */
  public static KeyRange range(ByteString key, ByteString end) {
    return KeyRange.named(key, end);
  }

  public static RangeQuery toDomain(RangeRequest request) {
    requireKey(request.getKey());
    return new RangeQuery(
        range(request.getKey(), request.getRangeEnd()),
        request.getLimit(),
        Revision.of(Math.max(0, request.getRevision())),
        known("sort_order", request.getSortOrderValue(), RangeQuery.Order::ofNumber),
        known("sort_target", request.getSortTargetValue(), RangeQuery.Target::ofNumber),
        request.getKeysOnly(),
        request.getCountOnly(),
        request.getMinModRevision(),
        request.getMaxModRevision(),
        request.getMinCreateRevision(),
        request.getMaxCreateRevision());
  }

  public static Operation.Put toDomain(PutRequest request) {
    requireKey(request.getKey());
    if (request.getIgnoreValue() && !request.getValue().isEmpty()) {
      throw EtcdError.VALUE_PROVIDED.exception();
    }
    if (request.getIgnoreLease() && request.getLease() != 0) {
      throw EtcdError.LEASE_PROVIDED.exception();
    }
    if (request.getKey().size() > Key.MAX_SIZE_BYTES) {
      throw new RejectedException(
          Rejection.tooLarge("key", request.getKey().size(), Key.MAX_SIZE_BYTES));
    }
    return new Operation.Put(
        new Key(request.getKey()),
        request.getIgnoreValue() ? null : Content.of(request.getValue(), ""),
        request.getLease(),
        request.getIgnoreLease(),
        request.getPrevKv());
  }

  public static Operation.Delete toDomain(DeleteRangeRequest request) {
    requireKey(request.getKey());
    return new Operation.Delete(
        range(request.getKey(), request.getRangeEnd()), request.getPrevKv());
  }

  /**
   * @param maxOperations of each list, and of all that lies within each other
   */
  public static Txn toDomain(TxnRequest request, int maxOperations) {
    Txn txn = toDomainWithin(request, maxOperations);
    TxnOverlaps.require(request);
    return txn;
  }

  private static Txn toDomainWithin(TxnRequest request, int maxOperations) {
    int longest = Math.max(
        request.getCompareCount(), Math.max(request.getSuccessCount(), request.getFailureCount()));
    if (longest > maxOperations) {
      throw EtcdError.TOO_MANY_OPERATIONS.exception();
    }
    request.getCompareList().forEach(compare -> requireKey(compare.getKey()));
    List<Operation> success = operations(request.getSuccessList(), maxOperations - longest);
    List<Operation> failure = operations(request.getFailureList(), maxOperations - longest);
    return new Txn(
        request.getCompareList().stream().map(EtcdCodec::toDomain).toList(), success, failure);
  }

  private static List<Operation> operations(List<RequestOp> requested, int maxNested) {
    return requested.stream().map(operation -> toDomain(operation, maxNested)).toList();
  }

  private static Operation toDomain(RequestOp operation, int maxNested) {
    return switch (operation.getRequestCase()) {
      case REQUEST_RANGE -> new Operation.Get(toDomain(operation.getRequestRange()));
      case REQUEST_PUT -> toDomain(operation.getRequestPut());
      case REQUEST_DELETE_RANGE -> toDomain(operation.getRequestDeleteRange());
      case REQUEST_TXN ->
        new Operation.Nested(toDomainWithin(operation.getRequestTxn(), maxNested));
      // as etcd refuses it
      case REQUEST_NOT_SET -> throw EtcdError.KEY_NOT_FOUND.exception();
    };
  }

  private static Txn.Compare toDomain(Compare compare) {
    Txn.Target target = known("target", compare.getTargetValue(), Txn.Target::ofNumber);
    long number = switch (target) {
      case VERSION -> compare.getVersion();
      case CREATE -> compare.getCreateRevision();
      case MOD -> compare.getModRevision();
      case LEASE -> compare.getLease();
      case VALUE -> 0;
    };
    return new Txn.Compare(
        range(compare.getKey(), compare.getRangeEnd()),
        target,
        known("result", compare.getResultValue(), Txn.Relation::ofNumber),
        number,
        compare.getValue());
  }

  private static void requireKey(ByteString key) {
    if (key.isEmpty()) {
      throw EtcdError.EMPTY_KEY.exception();
    }
  }

  private interface ByNumber<T> {
    T of(int number);
  }

  private static <T> T known(String field, int number, ByNumber<T> values) {
    try {
      return values.of(number);
    } catch (IllegalArgumentException e) {
      throw new RejectedException(Rejection.badArgument(field + ": " + e.getMessage()));
    }
  }

  public static KeyValue toProto(ConfigVersion version) {
    return KeyValue.newBuilder()
        .setKey(version.key().bytes())
        .setCreateRevision(version.bornRevision().value())
        .setModRevision(version.revision().value())
        .setVersion(version.lifeVersion())
        .setValue(version.content())
        .setLease(version.lease())
        .build();
  }

  /** What a deletion looks like to those who watch: nothing is left but the key and the revision. */
  public static KeyValue deleted(ConfigVersion tombstone) {
    return KeyValue.newBuilder()
        .setKey(tombstone.key().bytes())
        .setModRevision(tombstone.revision().value())
        .build();
  }

  /**
   * @param header without a revision
   */
  public static RangeResponse toProto(RangeResult result, ResponseHeader header) {
    var response = RangeResponse.newBuilder()
        .setHeader(at(header, result.revision()))
        .setMore(result.more())
        .setCount(result.count());
    result.versions().forEach(version -> response.addKvs(toProto(version)));
    return response.build();
  }

  public static PutResponse toProto(Step.Put step, ResponseHeader header) {
    var response = PutResponse.newBuilder().setHeader(at(header, step.revision()));
    ConfigVersion previous = step.previous();
    if (previous != null) {
      response.setPrevKv(toProto(previous));
    }
    return response.build();
  }

  public static DeleteRangeResponse toProto(Step.Deleted step, ResponseHeader header) {
    var response = DeleteRangeResponse.newBuilder()
        .setHeader(at(header, step.revision()))
        .setDeleted(step.count());
    step.previous().forEach(version -> response.addPrevKvs(toProto(version)));
    return response.build();
  }

  public static TxnResponse toProto(TxnResult result, ResponseHeader header) {
    var response = TxnResponse.newBuilder()
        .setHeader(at(header, result.revision()))
        .setSucceeded(result.succeeded());
    result.steps().forEach(step -> response.addResponses(toProto(step)));
    return response.build();
  }

  /** Within a transaction, headers hold nothing but the revision. */
  private static ResponseOp toProto(Step step) {
    ResponseHeader header = ResponseHeader.getDefaultInstance();
    var response = ResponseOp.newBuilder();
    if (step instanceof Step.Got got) {
      response.setResponseRange(toProto(got.result(), header));
    } else if (step instanceof Step.Put put) {
      response.setResponsePut(toProto(put, header));
    } else if (step instanceof Step.Deleted deleted) {
      response.setResponseDeleteRange(toProto(deleted, header));
    } else if (step instanceof Step.Nested nested) {
      response.setResponseTxn(toProto(nested.result(), header));
    }
    return response.build();
  }

  private static ResponseHeader at(ResponseHeader header, Revision revision) {
    return header.toBuilder().setRevision(revision.value()).build();
  }
}
