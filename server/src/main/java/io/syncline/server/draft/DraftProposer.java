package io.syncline.server.draft;

import io.syncline.client.SynclineClient;
import io.syncline.client.WriteResult;
import io.syncline.client.sync.Loop;
import io.syncline.model.Actor;
import io.syncline.model.Command;
import io.syncline.model.CommandId;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Draft;
import io.syncline.model.Draft.Outcome;
import io.syncline.model.Endpoint;
import io.syncline.model.Futures;
import io.syncline.model.OnConflict;
import io.syncline.model.ProposedCommand;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Version;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proposes the drafts that wait, in order, one at a time, in the name of who wrote them. What the
 * cluster cannot decide just now is tried again, after longer and longer whiles. Used on one loop.
 */
public final class DraftProposer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DraftProposer.class);
  private static final long LEAST_WAIT_MS = 1_000;
  private static final long MOST_WAIT_MS = 60_000;

  private final Drafts drafts;
  private final List<Endpoint> voters;
  private final String followerId;
  private final Loop loop;
  private final InstantSource clock;

  private @Nullable SynclineClient underway;
  private long waitMs = LEAST_WAIT_MS;
  private long notBeforeMs = Long.MIN_VALUE;
  private boolean closed;

  /**
   * @param voters to propose to
   */
  public DraftProposer(
      Drafts drafts, List<Endpoint> voters, String followerId, Loop loop, InstantSource clock) {
    this.drafts = drafts;
    this.voters = List.copyOf(voters);
    this.followerId = followerId;
    this.loop = loop;
    this.clock = clock;
  }

  /** Proposes the next one, unless one is under way or it is too soon. */
  public void proposeNext() {
    if (!closed && underway == null && loop.nowMs() >= notBeforeMs) {
      drafts.next().ifPresent(this::propose);
    }
  }

  private void propose(Draft draft) {
    ProposedCommand proposed = draft.proposed();
    CommandId id = Objects.requireNonNull(proposed.id());
    SynclineClient client = SynclineClient.builder()
        .endpoints(voters)
        .actor(
            proposed.actor().equals(Actor.ANONYMOUS)
                ? followerId
                : proposed.actor().name())
        .build();
    underway = client;
    var unused = client
        .async()
        .write(
            proposed.command(), id, reasonOf(draft), new OnConflict(draft.onConflict(), followerId))
        .whenComplete((result, error) -> loop.execute(() -> {
          underway = null;
          client.close();
          onAnswer(draft, result, error);
        }));
  }

  private String reasonOf(Draft draft) {
    String given = draft.proposed().reason();
    String from = "draft " + draft.id() + " of " + followerId;
    String whole = given.isEmpty() ? from : given + " (" + from + ")";
    return whole.length() <= ProposedCommand.MAX_REASON_LENGTH ? whole : given;
  }

  private void onAnswer(Draft draft, @Nullable WriteResult result, @Nullable Throwable error) {
    if (closed) {
      return;
    }
    Outcome outcome = result != null ? accepted(result) : outcomeOf(draft, error);
    drafts.decide(draft, outcome);
    if (outcome.state() == Draft.State.PENDING) {
      notBeforeMs = loop.nowMs() + waitMs;
      waitMs = Math.min(MOST_WAIT_MS, waitMs * 2);
    } else {
      waitMs = LEAST_WAIT_MS;
      LOG.info(
          "a draft was decided: draft={} key={} state={} detail={}",
          draft.id(),
          draft.key(),
          outcome.state(),
          outcome.detail());
    }
  }

  private Outcome accepted(WriteResult result) {
    Version version =
        result.versions().isEmpty() ? Version.NONE : result.versions().get(0).version();
    return Outcome.accepted(clock.instant(), version, result.revision());
  }

  private Outcome outcomeOf(Draft draft, @Nullable Throwable thrown) {
    Throwable error = thrown == null ? null : Futures.causeOf(thrown);
    if (error instanceof RejectedException rejected) {
      return outcomeOf(draft, rejected.rejection());
    }
    String message = error == null ? "no answer" : String.valueOf(error.getMessage());
    return Outcome.pending(message);
  }

  private Outcome outcomeOf(Draft draft, Rejection rejection) {
    Instant now = clock.instant();
    return switch (rejection.reason()) {
      case PRECONDITION_FAILED, CONFLICT -> {
        ConfigVersion head = rejection.current();
        if (head != null && isMadeOf(draft, head)) {
          // committed by an earlier attempt, so long ago that its id is forgotten
          yield Outcome.accepted(now, head.version(), head.revision());
        }
        yield Outcome.refused(
            now,
            head == null ? Version.NONE : head.version(),
            stale(draft, rejection) + recordedAs(rejection));
      }
      case BAD_ARGUMENT,
          KEY_NOT_FOUND,
          VERSION_NOT_FOUND,
          NAMESPACE_NOT_FOUND,
          NAMESPACE_EXISTS,
          COMPACTED,
          FUTURE_REVISION,
          TOO_LARGE -> Outcome.refused(now, Version.NONE, rejection.message());
      case TOO_MANY, NOT_LEADER, NOT_READY, OUTCOME_UNKNOWN, TOO_STALE, FAULT, WRONG_STATE ->
        Outcome.pending(rejection.message());
    };
  }

  private static String recordedAs(Rejection rejection) {
    return rejection.reason() == Rejection.Reason.CONFLICT
        ? "; recorded as conflict " + rejection.given()
        : "";
  }

  private static boolean isMadeOf(Draft draft, ConfigVersion head) {
    Command.Content content = draft.content();
    boolean same = content == null
        ? head.tombstone()
        : head.live() && head.checksum().equals(content.checksum());
    return same
        && head.version().equals(draft.base().next())
        && head.createdBy().name().equals(draft.proposed().actor().name());
  }

  private static String stale(Draft draft, Rejection rejection) {
    ConfigVersion head = rejection.current();
    String base = draft.base().exists() ? "version " + draft.base() : "no version";
    return head == null
        ? "made from " + base + ", but the key never existed"
        : "made from "
            + base
            + ", but the key is at version "
            + head.version()
            + (head.tombstone() ? ", deleted" : "")
            + ", by "
            + head.createdBy().name()
            + " at "
            + head.createdAt()
            + "; compare them and decide anew";
  }

  /** Lets go of what is under way; it is proposed again after the next start. */
  @Override
  public void close() {
    closed = true;
    SynclineClient client = underway;
    underway = null;
    if (client != null) {
      client.close();
    }
  }
}
