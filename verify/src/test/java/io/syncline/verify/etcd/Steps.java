package io.syncline.verify.etcd;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.syncline.proto.etcd.election.CampaignRequest;
import io.syncline.proto.etcd.election.LeaderKey;
import io.syncline.proto.etcd.election.LeaderRequest;
import io.syncline.proto.etcd.election.ProclaimRequest;
import io.syncline.proto.etcd.election.ResignRequest;
import io.syncline.proto.etcd.lock.LockRequest;
import io.syncline.proto.etcd.lock.UnlockRequest;
import io.syncline.proto.etcd.v3.LeaseGrantRequest;
import io.syncline.proto.etcd.v3.LeaseRevokeRequest;
import java.util.Base64;
import java.util.List;

/** Operations whose later steps need what the store itself answered to the first. */
final class Steps {
  private Steps() {}

  /** Grants a lease whose id the store may choose, or that would soon expire, and revokes it. */
  record BriefLease(long id, long ttl, Way way) implements Operation {
    @Override
    public Answer run(Session session) {
      var grant = LeaseGrantRequest.newBuilder().setID(id).setTTL(ttl).build();
      Answer granted = session.call(Method.LEASE_GRANT, grant, way);
      if (!granted.isOk()) {
        return granted;
      }
      var revoke = LeaseRevokeRequest.newBuilder()
          .setID(granted.body().path("ID").asLong())
          .build();
      Answer revoked = session.call(Method.LEASE_REVOKE, revoke, way);
      return Answer.of(List.of(id == 0 ? withoutId(granted) : granted, revoked));
    }

    private static Answer withoutId(Answer granted) {
      var body = granted.body().deepCopy();
      boolean positive = body.path("ID").asLong() > 0;
      return new Answer(
          granted.status(),
          ((com.fasterxml.jackson.databind.node.ObjectNode) body).put("ID", "> 0: " + positive));
    }
  }

  /** Takes a lock that is free, and gives it back. */
  record LockAndUnlock(ByteString name, long lease, Way way) implements Operation {
    @Override
    public Answer run(Session session) {
      var lock = LockRequest.newBuilder().setName(name).setLease(lease).build();
      Answer locked = session.call(Method.LOCK, lock, way);
      if (!locked.isOk()) {
        return locked;
      }
      byte[] key = Base64.getDecoder().decode(locked.body().path("key").asText());
      var unlock = UnlockRequest.newBuilder().setKey(ByteString.copyFrom(key)).build();
      return Answer.of(List.of(locked, session.call(Method.UNLOCK, unlock, way)));
    }
  }

  /** Wins an election that nobody else stands in, proclaims something else, and resigns. */
  record Reign(ByteString name, long lease, Way way) implements Operation {
    @Override
    public Answer run(Session session) {
      var campaign = CampaignRequest.newBuilder()
          .setName(name)
          .setLease(lease)
          .setValue(ByteString.copyFromUtf8("first"))
          .build();
      Answer won = session.call(Method.CAMPAIGN, campaign, way);
      if (!won.isOk()) {
        return won;
      }
      LeaderKey key = leaderKey(won);
      var leader = LeaderRequest.newBuilder().setName(name).build();
      var proclaim = ProclaimRequest.newBuilder()
          .setLeader(key)
          .setValue(ByteString.copyFromUtf8("second"))
          .build();
      return Answer.of(List.of(
          won,
          session.call(Method.LEADER, leader, way),
          session.call(Method.PROCLAIM, proclaim, way),
          session.call(Method.LEADER, leader, way),
          session.call(Method.RESIGN, ResignRequest.newBuilder().setLeader(key).build(), way),
          session.call(Method.PROCLAIM, proclaim, way),
          session.call(Method.LEADER, leader, way)));
    }

    private static LeaderKey leaderKey(Answer won) {
      var key = LeaderKey.newBuilder();
      try {
        JsonFormat.parser().merge(won.body().path("leader").toString(), key);
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalArgumentException("no leader in " + won, e);
      }
      return key.build();
    }
  }
}
