package io.syncline.verify.etcd;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.syncline.proto.etcd.election.ElectionGrpc;
import io.syncline.proto.etcd.lock.LockGrpc;
import io.syncline.proto.etcd.v3.AuthGrpc;
import io.syncline.proto.etcd.v3.ClusterGrpc;
import io.syncline.proto.etcd.v3.KVGrpc;
import io.syncline.proto.etcd.v3.LeaseGrpc;
import io.syncline.proto.etcd.v3.MaintenanceGrpc;
import java.util.List;

/**
 * One call of etcd's API, as gRPC and as the gateway name it.
 *
 * @param paths of the gateway, without their prefix of the API's version
 */
record Method(MethodDescriptor<? extends Message, ? extends Message> rpc, List<String> paths) {
  static final Method RANGE = of(KVGrpc.getRangeMethod(), "kv/range");
  static final Method PUT = of(KVGrpc.getPutMethod(), "kv/put");
  static final Method DELETE_RANGE = of(KVGrpc.getDeleteRangeMethod(), "kv/deleterange");
  static final Method TXN = of(KVGrpc.getTxnMethod(), "kv/txn");
  static final Method COMPACT = of(KVGrpc.getCompactMethod(), "kv/compaction");

  static final Method LEASE_GRANT = of(LeaseGrpc.getLeaseGrantMethod(), "lease/grant");
  static final Method LEASE_REVOKE =
      of(LeaseGrpc.getLeaseRevokeMethod(), "lease/revoke", "kv/lease/revoke");
  static final Method LEASE_TIME_TO_LIVE =
      of(LeaseGrpc.getLeaseTimeToLiveMethod(), "lease/timetolive", "kv/lease/timetolive");
  static final Method LEASES =
      of(LeaseGrpc.getLeaseLeasesMethod(), "lease/leases", "kv/lease/leases");
  static final Method KEEP_ALIVE = of(LeaseGrpc.getLeaseKeepAliveMethod(), "lease/keepalive");

  static final Method ALARM = of(MaintenanceGrpc.getAlarmMethod(), "maintenance/alarm");
  static final Method STATUS = of(MaintenanceGrpc.getStatusMethod(), "maintenance/status");
  static final Method HASH_KV = of(MaintenanceGrpc.getHashKVMethod(), "maintenance/hash");
  static final Method DEFRAGMENT =
      of(MaintenanceGrpc.getDefragmentMethod(), "maintenance/defragment");
  static final Method MEMBERS = of(ClusterGrpc.getMemberListMethod(), "cluster/member/list");

  static final Method LOCK = of(LockGrpc.getLockMethod(), "lock/lock");
  static final Method UNLOCK = of(LockGrpc.getUnlockMethod(), "lock/unlock");
  static final Method CAMPAIGN = of(ElectionGrpc.getCampaignMethod(), "election/campaign");
  static final Method PROCLAIM = of(ElectionGrpc.getProclaimMethod(), "election/proclaim");
  static final Method LEADER = of(ElectionGrpc.getLeaderMethod(), "election/leader");
  static final Method RESIGN = of(ElectionGrpc.getResignMethod(), "election/resign");

  static final Method AUTH_ENABLE = of(AuthGrpc.getAuthEnableMethod(), "auth/enable");
  static final Method AUTH_DISABLE = of(AuthGrpc.getAuthDisableMethod(), "auth/disable");
  static final Method AUTHENTICATE = of(AuthGrpc.getAuthenticateMethod(), "auth/authenticate");
  static final Method USER_ADD = of(AuthGrpc.getUserAddMethod(), "auth/user/add");
  static final Method USER_GET = of(AuthGrpc.getUserGetMethod(), "auth/user/get");
  static final Method USERS = of(AuthGrpc.getUserListMethod(), "auth/user/list");
  static final Method USER_DELETE = of(AuthGrpc.getUserDeleteMethod(), "auth/user/delete");
  static final Method USER_CHANGE_PASSWORD =
      of(AuthGrpc.getUserChangePasswordMethod(), "auth/user/changepw");
  static final Method USER_GRANT_ROLE = of(AuthGrpc.getUserGrantRoleMethod(), "auth/user/grant");
  static final Method USER_REVOKE_ROLE = of(AuthGrpc.getUserRevokeRoleMethod(), "auth/user/revoke");
  static final Method ROLE_ADD = of(AuthGrpc.getRoleAddMethod(), "auth/role/add");
  static final Method ROLE_GET = of(AuthGrpc.getRoleGetMethod(), "auth/role/get");
  static final Method ROLES = of(AuthGrpc.getRoleListMethod(), "auth/role/list");
  static final Method ROLE_DELETE = of(AuthGrpc.getRoleDeleteMethod(), "auth/role/delete");
  static final Method ROLE_GRANT_PERMISSION =
      of(AuthGrpc.getRoleGrantPermissionMethod(), "auth/role/grant");
  static final Method ROLE_REVOKE_PERMISSION =
      of(AuthGrpc.getRoleRevokePermissionMethod(), "auth/role/revoke");

  private static Method of(
      MethodDescriptor<? extends Message, ? extends Message> rpc, String... paths) {
    return new Method(rpc, List.of(paths));
  }

  String name() {
    return String.valueOf(rpc.getBareMethodName());
  }
}
