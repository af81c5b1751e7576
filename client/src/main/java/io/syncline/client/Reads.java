package io.syncline.client;

import io.syncline.codec.ApiCodec;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Consistency;
import io.syncline.model.Key;
import io.syncline.model.Namespace;
import io.syncline.model.NamespaceName;
import io.syncline.model.ReadAt;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Revision;
import io.syncline.model.Version;
import io.syncline.proto.api.v1.AlertsRequest;
import io.syncline.proto.api.v1.AlertsResponse;
import io.syncline.proto.api.v1.ClusterServiceGrpc;
import io.syncline.proto.api.v1.ConfigServiceGrpc;
import io.syncline.proto.api.v1.DiffRequest;
import io.syncline.proto.api.v1.DiffResponse;
import io.syncline.proto.api.v1.DigestRequest;
import io.syncline.proto.api.v1.DigestResponse;
import io.syncline.proto.api.v1.FollowerServiceGrpc;
import io.syncline.proto.api.v1.GetNamespaceRequest;
import io.syncline.proto.api.v1.GetRequest;
import io.syncline.proto.api.v1.HistoryRequest;
import io.syncline.proto.api.v1.HistoryResponse;
import io.syncline.proto.api.v1.ListNamespacesRequest;
import io.syncline.proto.api.v1.ListRequest;
import io.syncline.proto.api.v1.ListResponse;
import io.syncline.proto.api.v1.NamespaceServiceGrpc;
import io.syncline.proto.api.v1.StatusRequest;
import io.syncline.proto.api.v1.StatusResponse;
import io.syncline.proto.api.v1.VerifyRequest;
import io.syncline.proto.api.v1.VerifyResponse;
import io.syncline.proto.sync.v1.ListFollowersRequest;
import io.syncline.proto.sync.v1.ListFollowersResponse;
import io.syncline.proto.sync.v1.SyncServiceGrpc;
import java.util.List;
import java.util.Optional;

/** Makes requests of questions. */
final class Reads {
  private Reads() {}

  static Request<?, ?, Optional<ConfigVersion>> get(NamespaceName namespace, Key key) {
    return Request.read(
        ConfigServiceGrpc.getGetMethod(),
        getMessage(namespace, key, ReadAt.NOW, Consistency.LINEARIZABLE),
        Consistency.LINEARIZABLE,
        answer -> Optional.of(ApiCodec.toDomain(answer.getVersion())),
        rejection -> rejection.reason() == Reason.KEY_NOT_FOUND
            ? Optional.of(Optional.empty())
            : Optional.empty());
  }

  static Request<?, ?, ConfigVersion> get(
      NamespaceName namespace, Key key, ReadAt at, Consistency consistency) {
    return Request.read(
        ConfigServiceGrpc.getGetMethod(),
        getMessage(namespace, key, at, consistency),
        consistency,
        answer -> ApiCodec.toDomain(answer.getVersion()));
  }

  private static GetRequest getMessage(
      NamespaceName namespace, Key key, ReadAt at, Consistency consistency) {
    var message = GetRequest.newBuilder()
        .setNamespace(namespace.value())
        .setKey(key.bytes())
        .setConsistency(ApiCodec.toProto(consistency));
    if (at instanceof ReadAt.AtVersion atVersion) {
      message.setVersion(atVersion.version().value());
    } else if (at instanceof ReadAt.AtRevision atRevision) {
      message.setRevision(atRevision.revision().value());
    } else if (at instanceof ReadAt.AtTime atTime) {
      message.setTimeMs(atTime.time().toEpochMilli());
    }
    return message.build();
  }

  static Request<?, ?, Page<ConfigVersion>> list(ListQuery query) {
    var message = ListRequest.newBuilder()
        .setNamespace(query.namespace().value())
        .setRange(ApiCodec.toProto(query.range()))
        .setConsistency(ApiCodec.toProto(query.consistency()))
        .setPageSize(query.pageSize())
        .setPageToken(query.pageToken())
        .setWithContent(query.withContent())
        .setWithDeleted(query.withDeleted());
    if (query.at() instanceof ReadAt.AtRevision atRevision) {
      message.setRevision(atRevision.revision().value());
    } else if (query.at() instanceof ReadAt.AtTime atTime) {
      message.setTimeMs(atTime.time().toEpochMilli());
    }
    return Request.read(
        ConfigServiceGrpc.getListMethod(), message.build(), query.consistency(), Reads::page);
  }

  private static Page<ConfigVersion> page(ListResponse answer) {
    return new Page<>(
        versions(answer.getVersionsList()),
        Revision.of(answer.getHeader().getRevision()),
        answer.getNextPageToken());
  }

  static Request<?, ?, HistoryPage> history(HistoryQuery query) {
    var message = HistoryRequest.newBuilder()
        .setNamespace(query.namespace().value())
        .setKey(query.key().bytes())
        .setConsistency(ApiCodec.toProto(query.consistency()))
        .setNewestFirst(query.newestFirst())
        .setPageSize(query.pageSize())
        .setPageToken(query.pageToken())
        .setWithContent(query.withContent())
        .build();
    return Request.read(
        ConfigServiceGrpc.getHistoryMethod(), message, query.consistency(), Reads::historyPage);
  }

  private static HistoryPage historyPage(HistoryResponse answer) {
    return new HistoryPage(
        versions(answer.getVersionsList()),
        Revision.of(answer.getHeader().getRevision()),
        answer.getNextPageToken(),
        answer.getTruncated());
  }

  static Request<?, ?, Difference> diff(
      NamespaceName namespace,
      Key key,
      Version from,
      Version to,
      int contextLines,
      Consistency consistency) {
    var message = DiffRequest.newBuilder()
        .setNamespace(namespace.value())
        .setKey(key.bytes())
        .setConsistency(ApiCodec.toProto(consistency))
        .setFromVersion(from.value())
        .setToVersion(to.value())
        .setContextLines(contextLines)
        .build();
    return Request.read(ConfigServiceGrpc.getDiffMethod(), message, consistency, Reads::difference);
  }

  private static Difference difference(DiffResponse answer) {
    return new Difference(
        ApiCodec.toDomain(answer.getFrom()),
        ApiCodec.toDomain(answer.getTo()),
        answer.getContentDiffers(),
        answer.getUnifiedDiff(),
        answer.getBinary());
  }

  static Request<?, ?, Namespace> namespace(NamespaceName name) {
    var message = GetNamespaceRequest.newBuilder()
        .setName(name.value())
        .setConsistency(ApiCodec.toProto(Consistency.LINEARIZABLE))
        .build();
    return Request.read(
        NamespaceServiceGrpc.getGetNamespaceMethod(),
        message,
        Consistency.LINEARIZABLE,
        answer -> ApiCodec.toDomain(answer.getNamespace()));
  }

  static Request<?, ?, List<Namespace>> namespaces() {
    var message = ListNamespacesRequest.newBuilder()
        .setConsistency(ApiCodec.toProto(Consistency.LINEARIZABLE))
        .build();
    return Request.read(
        NamespaceServiceGrpc.getListNamespacesMethod(),
        message,
        Consistency.LINEARIZABLE,
        answer -> answer.getNamespacesList().stream().map(ApiCodec::toDomain).toList());
  }

  static Request<?, ?, StatusResponse> status() {
    return Request.inspection(
        ClusterServiceGrpc.getStatusMethod(), StatusRequest.getDefaultInstance());
  }

  static Request<?, ?, AlertsResponse> alerts() {
    return Request.inspection(
        ClusterServiceGrpc.getAlertsMethod(), AlertsRequest.getDefaultInstance());
  }

  static Request<?, ?, ListFollowersResponse> followers() {
    return Request.inspection(
        SyncServiceGrpc.getListFollowersMethod(), ListFollowersRequest.getDefaultInstance());
  }

  static Request<?, ?, VerifyResponse> verify(List<NamespaceName> namespaces, boolean repair) {
    var message = VerifyRequest.newBuilder()
        .addAllNamespaces(namespaces.stream().map(NamespaceName::value).toList())
        .setRepair(repair)
        .build();
    return Request.inspection(FollowerServiceGrpc.getVerifyMethod(), message);
  }

  static Request<?, ?, DigestResponse> digest(
      Optional<NamespaceName> namespace, boolean withBuckets) {
    var message = DigestRequest.newBuilder()
        .setNamespace(namespace.map(NamespaceName::value).orElse(""))
        .setWithBuckets(withBuckets)
        .build();
    return Request.inspection(ClusterServiceGrpc.getDigestMethod(), message);
  }

  private static List<ConfigVersion> versions(
      List<io.syncline.proto.api.v1.ConfigVersion> versions) {
    return versions.stream().map(ApiCodec::toDomain).toList();
  }
}
