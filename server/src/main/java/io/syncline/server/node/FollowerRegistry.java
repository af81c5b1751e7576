package io.syncline.server.node;

import io.syncline.client.sync.Self;
import io.syncline.codec.LogCodec;
import io.syncline.codec.SyncCodec;
import io.syncline.model.Actor;
import io.syncline.model.Command;
import io.syncline.model.FollowerRegistration;
import io.syncline.model.ProposedCommand;
import io.syncline.model.Revision;
import io.syncline.model.Subscription;
import io.syncline.proto.sync.v1.FollowerStatus;
import io.syncline.server.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works out what the log is to be told of followers: where each was last seen, so that history waits
 * for it whoever leads next, and who will not come back.
 */
final class FollowerRegistry {
  private static final Logger LOG = LoggerFactory.getLogger(FollowerRegistry.class);

  /** One command is one entry of the log, beside others. */
  private static final int MAX_COMMAND_BYTES = 256 << 10;

  /** A follower with a larger subscription is noted as one of everything. */
  private static final int MAX_SUBSCRIPTION_BYTES = 16 << 10;

  private static final int MAX_FORGOTTEN = 1000;

  /** One that stands still is noted as seen this often. */
  private static final Duration SEEN_INTERVAL = Duration.ofHours(1);

  private final Store store;
  private final Duration forgotten;
  private volatile List<FollowerRegistration> unheardOf = List.of();

  /**
   * @param forgotten a follower unseen for as long will not come back
   */
  FollowerRegistry(Store store, Duration forgotten) {
    this.store = store;
    this.forgotten = forgotten;
  }

  /**
   * What is to be noted, in commands of bounded size.
   *
   * @param seen the followers that the voters know of, one of them maybe from several voters
   */
  List<Command> due(Collection<FollowerStatus> seen, Instant now) {
    Map<String, FollowerRegistration> known = store.read(reader -> reader.followers()).stream()
        .collect(Collectors.toMap(FollowerRegistration::id, Function.identity()));
    var commands = new ArrayList<Command>();
    var chunk = new ArrayList<FollowerRegistration>();
    int bytes = 0;
    for (FollowerRegistration follower : newest(seen, now).values()) {
      FollowerRegistration before = known.remove(follower.id());
      if (before == null || isWorthNoting(before, follower)) {
        chunk.add(follower);
        bytes += sizeOf(follower);
        if (bytes >= MAX_COMMAND_BYTES) {
          commands.add(new Command.NoteFollowers(chunk, List.of()));
          chunk.clear();
          bytes = 0;
        }
      }
    }
    unheardOf = List.copyOf(known.values());
    List<String> gone = known.values().stream()
        .filter(follower -> follower.seen().plus(forgotten).isBefore(now))
        .map(FollowerRegistration::id)
        .sorted()
        .limit(MAX_FORGOTTEN)
        .toList();
    if (!chunk.isEmpty() || !gone.isEmpty()) {
      commands.add(new Command.NoteFollowers(chunk, gone));
    }
    return commands;
  }

  /** Those that the log remembers and that no voter knew of when it was last asked. Any thread. */
  List<FollowerRegistration> unheardOf() {
    return unheardOf;
  }

  /** Of each that keeps a copy on disk, as the voter knows it that saw it last. */
  private static Map<String, FollowerRegistration> newest(
      Collection<FollowerStatus> seen, Instant now) {
    var newest = new HashMap<String, FollowerRegistration>();
    for (FollowerStatus status : seen) {
      if (status.getDurable() && !status.getRemembered()) {
        registration(status, now)
            .ifPresent(follower -> newest.merge(
                follower.id(), follower, (a, b) -> a.seen().isBefore(b.seen()) ? b : a));
      }
    }
    return newest;
  }

  /** Empty if it has not the stated form: relays tell of those below as these told them. */
  private static Optional<FollowerRegistration> registration(FollowerStatus status, Instant now) {
    try {
      Self.requireId(status.getFollowerId());
      return Optional.of(wellFormed(status, now));
    } catch (IllegalArgumentException e) {
      LOG.warn(
          "a follower is not noted: follower={} reason={}", status.getFollowerId(), e.getMessage());
      return Optional.empty();
    }
  }

  private static FollowerRegistration wellFormed(FollowerStatus status, Instant now) {
    Subscription subscription = SyncCodec.subscription(status.getSelectorsList());
    int size = subscription.selectors().stream()
        .mapToInt(s -> s.namespace().value().length() + s.prefix().size())
        .sum();
    return new FollowerRegistration(
        status.getFollowerId(),
        status.getAddress(),
        size > MAX_SUBSCRIPTION_BYTES ? Subscription.EVERYTHING : subscription,
        new Revision(status.getCursor()),
        now.minusMillis(status.getLastSeenMsAgo()));
  }

  private static boolean isWorthNoting(FollowerRegistration before, FollowerRegistration now) {
    boolean same = before.cursor().equals(now.cursor())
        && before.address().equals(now.address())
        && before.subscription().equals(now.subscription());
    return now.seen().isAfter(before.seen())
        && (!same || now.seen().isAfter(before.seen().plus(SEEN_INTERVAL)));
  }

  private static int sizeOf(FollowerRegistration follower) {
    var alone = new Command.NoteFollowers(List.of(follower), List.of());
    return LogCodec.encode(new ProposedCommand(null, Actor.SYNCLINE, "", alone)).size();
  }
}
