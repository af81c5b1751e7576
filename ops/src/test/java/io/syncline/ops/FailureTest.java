package io.syncline.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.syncline.client.Exceptions;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.Precondition;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Rejection.Reason;
import io.syncline.model.Revision;
import io.syncline.ops.settings.InvalidSetting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Scripts rely on the exit codes: each kind of failure has one. */
final class FailureTest {
  private static final Map<Reason, Integer> BY_REASON = new EnumMap<>(Reason.class);

  static {
    for (Reason reason : Reason.values()) {
      BY_REASON.put(reason, 1);
    }
    BY_REASON.put(Reason.NOT_LEADER, 3);
    BY_REASON.put(Reason.NOT_READY, 3);
    BY_REASON.put(Reason.OUTCOME_UNKNOWN, 3);
    BY_REASON.put(Reason.TOO_STALE, 3);
    BY_REASON.put(Reason.FAULT, 3);
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void eachRejectionHasItsExitCode(Reason reason) {
    Failure failure = Failure.of(new RejectedException(Rejection.of(reason, "no")));

    assertThat(failure.exitCode()).isEqualTo(BY_REASON.get(reason));
    assertThat(failure.reason()).isEqualTo(reason.name());
    assertThat(failure.line()).isEqualTo("syncline: no");
  }

  static Stream<Arguments> exceptions() {
    var rejected = new RejectedException(Rejection.badArgument("bad"));
    return Stream.of(
        Arguments.of(new UsageException("wrong"), 2, "syncline: wrong"),
        Arguments.of(new InvalidSetting("no such"), 2, "syncline: no such"),
        Arguments.of(new RefusedException("no"), 1, "syncline: no"),
        Arguments.of(Exceptions.unavailable("nobody"), 3, "syncline: nobody"),
        Arguments.of(Exceptions.unknownOutcome("perhaps"), 3, "syncline: perhaps"),
        Arguments.of(Status.INTERNAL.asRuntimeException(), 3, "syncline: INTERNAL"),
        Arguments.of(new CompletionException(rejected), 1, "syncline: bad"),
        Arguments.of(
            new FailedException("line 3", Exceptions.unavailable("nobody"), "try again"),
            3,
            "syncline: line 3: nobody; try again"),
        Arguments.of(
            new NoSuchFileException("a.yaml"), 1, "syncline: a.yaml: no such file or folder"),
        Arguments.of(new UncheckedIOException("full", new IOException("x")), 1, "syncline: full"),
        Arguments.of(
            new IllegalStateException("broken"),
            1,
            "syncline: unexpected: java.lang.IllegalStateException: broken; SYNCLINE_DEBUG=1 shows"
                + " where"));
  }

  @ParameterizedTest
  @MethodSource("exceptions")
  void eachExceptionHasItsExitCodeAndOneSentence(Throwable thrown, int exitCode, String line) {
    Failure failure = Failure.of(thrown);

    assertThat(failure.exitCode()).isEqualTo(exitCode);
    assertThat(failure.line()).isEqualTo(line);
  }

  @Test
  void messagesOfSeveralLinesBecomeOne() {
    assertThat(Failure.of(new RefusedException("one\ntwo\u001b[31m")).line())
        .isEqualTo("syncline: one two [31m");
  }

  @Test
  void jsonTellsWhatProgramsReactTo() {
    var compacted = Rejection.compacted("revision 3", Revision.of(17));

    assertThat(Failure.of(new RejectedException(compacted)).json())
        .isEqualTo(
            "{\"error\":{\"reason\":\"COMPACTED\",\"message\":\"revision 3: its history has been"
                + " compacted; the nearest revision kept is 17\",\"exit_code\":1,"
                + "\"nearest_revision\":17}}");
  }

  @Test
  void jsonOfFailedPreconditionTellsTheCurrentVersion() {
    var head = Versions.version(4, 9, "x");
    var rejection =
        Rejection.preconditionFailed(NamespaceName.DEFAULT, Key.of("a"), Precondition.ABSENT, head);

    assertThat(Failure.of(new RejectedException(rejection)).json())
        .contains("\"current_version\":4", "\"current_revision\":9");
  }
}
