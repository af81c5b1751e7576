package io.syncline.server.raft;

import io.syncline.model.Endpoint;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys.Log;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** Every setting of Ratis that Syncline does not leave at its default, each with its reason. */
final class RatisProperties {
  private static final long ENTRY_OVERHEAD_BYTES = 1L << 20;
  /** Two closed segments and the open one are kept on the heap. */
  private static final SizeInBytes SEGMENT_SIZE = SizeInBytes.valueOf("16MB");

  private static final SizeInBytes SNAPSHOT_CHUNK_SIZE = SizeInBytes.valueOf("4MB");
  private static final TimeDuration PAUSE_LEFT_TO_SUPERVISION = seconds(3600);

  private RatisProperties() {}

  static RaftProperties of(RaftOptions options, Path folder, Endpoint listen) {
    var properties = new RaftProperties();
    RaftServerConfigKeys.setStorageDir(properties, List.of(folder.toFile()));
    GrpcConfigKeys.Server.setHost(properties, listen.host());
    GrpcConfigKeys.Server.setPort(properties, listen.port());
    timing(options, properties);
    log(options, properties);
    snapshots(properties);
    return properties;
  }

  private static void timing(RaftOptions options, RaftProperties properties) {
    long least = options.electionTimeout().toMillis();
    RaftServerConfigKeys.Rpc.setTimeoutMin(properties, millis(least));
    RaftServerConfigKeys.Rpc.setTimeoutMax(properties, millis(2 * least));
    RaftServerConfigKeys.LeaderElection.setPreVote(properties, true);
    RaftServerConfigKeys.Read.setLeaderLeaseEnabled(properties, options.leaderLease());
    RaftServerConfigKeys.Read.setLeaderLeaseTimeoutRatio(properties, RaftOptions.LEASE_RATIO);
    // a leader cut off from the majority stops taking writes after this
    RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(properties, millis(2 * least));
    // a paused process is not a broken one: it steps down by itself, and its host supervises it
    RaftServerConfigKeys.setCloseThreshold(properties, PAUSE_LEFT_TO_SUPERVISION);
    // command ids are kept in the store; Ratis' own cache has no bound but time
    RaftServerConfigKeys.RetryCache.setExpiryTime(properties, seconds(5));
  }

  private static void log(RaftOptions options, RaftProperties properties) {
    long entryBytes = options.maxEntryBytes() + ENTRY_OVERHEAD_BYTES;
    // each metadata entry would cost a write of its own after every commit
    Log.setLogMetadataEnabled(properties, false);
    Log.setSegmentSizeMax(properties, SEGMENT_SIZE);
    Log.setPreallocatedSize(properties, SEGMENT_SIZE);
    Log.setSegmentCacheNumMax(properties, 2);
    Log.setForceSyncNum(properties, 4096);
    Log.setQueueElementLimit(properties, 16_384);
    RaftServerConfigKeys.Write.setElementLimit(properties, 65_536);
    Log.setWriteBufferSize(properties, SizeInBytes.valueOf(entryBytes + 8));
    Log.Appender.setBufferByteLimit(properties, SizeInBytes.valueOf(entryBytes));
    Log.Appender.setWaitTimeMin(properties, TimeDuration.ZERO);
    Log.Appender.setRetryPolicy(properties, "1ms,10,200ms,100000");
    GrpcConfigKeys.Server.setLeaderOutstandingAppendsMax(properties, 32);
    long messageBytes = Math.max(2 * entryBytes, 64L << 20);
    GrpcConfigKeys.setMessageSizeMax(properties, SizeInBytes.valueOf(messageBytes));
  }

  private static void snapshots(RaftProperties properties) {
    // Syncline asks for snapshots itself, by bytes: entries are batches of any size
    RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, false);
    RaftServerConfigKeys.Snapshot.setTriggerWhenStopEnabled(properties, false);
    RaftServerConfigKeys.Snapshot.setTriggerWhenRemoveEnabled(properties, false);
    RaftServerConfigKeys.Snapshot.setCreationGap(properties, 1);
    Log.setPurgeUptoSnapshotIndex(properties, true);
    Log.setPurgeGap(properties, 1);
    Log.Appender.setSnapshotChunkSizeMax(properties, SNAPSHOT_CHUNK_SIZE);
  }

  private static TimeDuration millis(long millis) {
    return TimeDuration.valueOf(millis, TimeUnit.MILLISECONDS);
  }

  private static TimeDuration seconds(long seconds) {
    return TimeDuration.valueOf(seconds, TimeUnit.SECONDS);
  }
}
