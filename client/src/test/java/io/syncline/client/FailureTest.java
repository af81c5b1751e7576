package io.syncline.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.syncline.client.Failure.Kind;
import io.syncline.codec.StatusCodec;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import java.net.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class FailureTest {

  @ParameterizedTest
  @CsvSource({
    "BAD_ARGUMENT,         REFUSED,    false",
    "KEY_NOT_FOUND,        DECIDED,    false",
    "VERSION_NOT_FOUND,    DECIDED,    false",
    "NAMESPACE_NOT_FOUND,  DECIDED,    false",
    "NAMESPACE_EXISTS,     DECIDED,    false",
    "PRECONDITION_FAILED,  DECIDED,    false",
    "COMPACTED,            DECIDED,    false",
    "FUTURE_REVISION,      DECIDED,    false",
    "TOO_LARGE,            REFUSED,    false",
    "TOO_MANY,             OVERLOADED, false",
    "NOT_LEADER,           PASSING,    false",
    "NOT_READY,            PASSING,    false",
    "OUTCOME_UNKNOWN,      PASSING,    true",
    "TOO_STALE,            PASSING,    false",
    "FAULT,                PASSING,    true",
    "WRONG_STATE,          REFUSED,    false",
  })
  void aVotersReasonDecidesWhateverTheConnectionDid(Reason reason, Kind kind, boolean mayBeDone) {
    var error = StatusCodec.toStatus(Rejection.of(reason, "said so"));

    assertThat(Failure.of(error, true)).satisfies(failure -> {
      assertThat(failure.kind()).isEqualTo(kind);
      assertThat(failure.mayBeDone()).isEqualTo(mayBeDone);
      assertThat(failure.describe()).isEqualTo(reason + ": said so");
    });
  }

  @ParameterizedTest
  @CsvSource({
    "CANCELLED,           PASSING, true",
    "UNKNOWN,             PASSING, true",
    "INVALID_ARGUMENT,    LASTING, true",
    "DEADLINE_EXCEEDED,   PASSING, true",
    "NOT_FOUND,           LASTING, true",
    "ALREADY_EXISTS,      LASTING, true",
    "PERMISSION_DENIED,   LASTING, false",
    "RESOURCE_EXHAUSTED,  LASTING, true",
    "FAILED_PRECONDITION, LASTING, true",
    "ABORTED,             PASSING, true",
    "OUT_OF_RANGE,        LASTING, true",
    "UNIMPLEMENTED,       LASTING, false",
    "INTERNAL,            PASSING, true",
    "UNAVAILABLE,         PASSING, true",
    "DATA_LOSS,           PASSING, true",
    "UNAUTHENTICATED,     LASTING, false",
  })
  void aStatusWithoutOurDetailIsJudgedByItsCode(Status.Code code, Kind kind, boolean mayBeDone) {
    Failure failure = Failure.of(code.toStatus().asRuntimeException(), true);

    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.mayBeDone()).isEqualTo(mayBeDone);
    assertThat(failure.describe()).isEqualTo(code.toString());
  }

  @ParameterizedTest
  @EnumSource(value = Status.Code.class, mode = EnumSource.Mode.EXCLUDE, names = "OK")
  void whatWasNeverHandedToAConnectionIsNotDone(Status.Code code) {
    assertThat(Failure.of(code.toStatus().asRuntimeException(), false).mayBeDone())
        .isFalse();
  }

  @Test
  void theDescriptionOfAStatusAndItsCauseAreTold() {
    var error = Status.UNAVAILABLE
        .withDescription("io exception")
        .withCause(new ConnectException("connection refused"))
        .asRuntimeException();

    assertThat(Failure.of(error, false).describe())
        .isEqualTo("UNAVAILABLE: io exception: connection refused");
  }
}
