package io.syncline.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.syncline.model.Actor;
import io.syncline.model.Checksum;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.Precondition;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Revision;
import io.syncline.model.Version;
import io.syncline.proto.api.v1.ErrorDetail;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StatusCodecTest {
  private static final Map<Reason, Status.Code> CODES = new EnumMap<>(Reason.class);

  static {
    CODES.put(Reason.BAD_ARGUMENT, Status.Code.INVALID_ARGUMENT);
    CODES.put(Reason.KEY_NOT_FOUND, Status.Code.NOT_FOUND);
    CODES.put(Reason.VERSION_NOT_FOUND, Status.Code.NOT_FOUND);
    CODES.put(Reason.NAMESPACE_NOT_FOUND, Status.Code.NOT_FOUND);
    CODES.put(Reason.NAMESPACE_EXISTS, Status.Code.ALREADY_EXISTS);
    CODES.put(Reason.PRECONDITION_FAILED, Status.Code.ABORTED);
    CODES.put(Reason.COMPACTED, Status.Code.OUT_OF_RANGE);
    CODES.put(Reason.FUTURE_REVISION, Status.Code.OUT_OF_RANGE);
    CODES.put(Reason.TOO_LARGE, Status.Code.RESOURCE_EXHAUSTED);
    CODES.put(Reason.TOO_MANY, Status.Code.RESOURCE_EXHAUSTED);
    CODES.put(Reason.NOT_LEADER, Status.Code.UNAVAILABLE);
    CODES.put(Reason.NOT_READY, Status.Code.UNAVAILABLE);
    CODES.put(Reason.OUTCOME_UNKNOWN, Status.Code.UNAVAILABLE);
    CODES.put(Reason.TOO_STALE, Status.Code.UNAVAILABLE);
    CODES.put(Reason.FAULT, Status.Code.INTERNAL);
    CODES.put(Reason.WRONG_STATE, Status.Code.FAILED_PRECONDITION);
    CODES.put(Reason.CONFLICT, Status.Code.ABORTED);
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void aReasonHasTheDocumentedCode(Reason reason) {
    assertThat(StatusCodec.code(reason)).isEqualTo(CODES.get(reason));
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void aReasonHasTheNumberOfTheApi(Reason reason) {
    assertThat(ErrorDetail.Reason.forNumber(reason.number()).name()).isEqualTo(reason.name());
    assertThat(Reason.ofNumber(reason.number())).isEqualTo(reason);
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void aRejectionArrivesAsItWasSent(Reason reason) {
    Rejection sent = rejection(reason);

    StatusRuntimeException error = StatusCodec.toStatus(sent);

    assertThat(error.getStatus().getCode()).isEqualTo(CODES.get(reason));
    assertThat(error.getStatus().getDescription()).isEqualTo(sent.message());
    assertThat(StatusCodec.fromStatus(error)).contains(sent);
  }

  @Test
  void theRejectionOfAKeyThatNeverExistedArrivesWithoutAVersion() {
    Rejection sent = Rejection.preconditionFailed(
        NamespaceName.DEFAULT, Key.of("key"), new Precondition.AtVersion(new Version(1)), null);

    assertThat(StatusCodec.fromStatus(StatusCodec.toStatus(sent))).contains(sent);
  }

  @Test
  void anErrorNotOfOurMakingIsNoRejection() {
    assertThat(StatusCodec.fromStatus(Status.UNAVAILABLE.asRuntimeException())).isEmpty();
    assertThat(StatusCodec.fromStatus(new IllegalStateException("no status"))).isEmpty();
  }

  private static Rejection rejection(Reason reason) {
    return switch (reason) {
      case PRECONDITION_FAILED ->
        Rejection.preconditionFailed(
            NamespaceName.DEFAULT, Key.of("key"), Precondition.ABSENT, current());
      case COMPACTED -> Rejection.compacted("revision 3", new Revision(7));
      case FUTURE_REVISION -> Rejection.futureRevision(new Revision(9), new Revision(7));
      case TOO_LARGE -> Rejection.tooLarge("key", 5000, 4096);
      case TOO_MANY -> Rejection.tooMany("watches", 11, 10);
      case NOT_LEADER -> Rejection.notLeader("127.0.0.1:7400");
      default -> Rejection.of(reason, "what was given (expected: something else)");
    };
  }

  private static ConfigVersion current() {
    return new ConfigVersion(
        NamespaceName.DEFAULT,
        Key.of("key"),
        new Version(3),
        new Revision(6),
        ByteString.EMPTY,
        "text/plain",
        Checksum.of(ByteString.copyFromUtf8("content")),
        7,
        Instant.ofEpochMilli(1_700_000_000_000L),
        Actor.ANONYMOUS,
        "why",
        null,
        false,
        new Version(2),
        new Revision(5),
        null);
  }
}
