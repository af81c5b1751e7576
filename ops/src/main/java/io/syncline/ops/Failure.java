package io.syncline.ops;

import io.grpc.StatusRuntimeException;
import io.syncline.client.UnavailableException;
import io.syncline.client.UnknownOutcomeException;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.ops.output.BrokenPipe;
import io.syncline.ops.output.Json;
import io.syncline.ops.output.Table;
import io.syncline.ops.settings.InvalidSetting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParameterException;

/**
 * What a command ends with when it cannot do what it was asked for: the only place that knows which
 * exception means which exit code.
 *
 * @param reason a name that programs can rely on
 * @param message one sentence
 * @param rejection the server's, if it refused
 */
public record Failure(
    int exitCode, String reason, String message, @Nullable Rejection rejection) {

  public static Failure of(Throwable thrown) {
    if (thrown instanceof BrokenPipe) {
      return failure(ExitCode.DONE, "BROKEN_PIPE", "");
    }
    if (thrown instanceof RejectedException e) {
      Rejection rejection = e.rejection();
      return new Failure(
          exitCode(rejection.reason()), rejection.reason().name(), rejection.message(), rejection);
    }
    if (thrown instanceof UsageException
        || thrown instanceof InvalidSetting
        || thrown instanceof ParameterException) {
      return failure(ExitCode.WRONG_USAGE, "WRONG_USAGE", messageOf(thrown));
    }
    if (thrown instanceof RefusedException) {
      return failure(ExitCode.REFUSED, "REFUSED", messageOf(thrown));
    }
    return ofEnvironment(thrown);
  }

  private static Failure ofEnvironment(Throwable thrown) {
    if (thrown instanceof UnavailableException) {
      return failure(ExitCode.UNAVAILABLE, "UNAVAILABLE", messageOf(thrown));
    }
    if (thrown instanceof UnknownOutcomeException) {
      return failure(ExitCode.UNAVAILABLE, "OUTCOME_UNKNOWN", messageOf(thrown));
    }
    if (thrown instanceof StatusRuntimeException e) {
      return failure(ExitCode.UNAVAILABLE, e.getStatus().getCode().name(), messageOf(thrown));
    }
    if (thrown instanceof FailedException e && e.getCause() != null) {
      Failure cause = of(e.getCause());
      return new Failure(cause.exitCode, cause.reason, messageOf(e), cause.rejection);
    }
    if (thrown instanceof IOException e) {
      return failure(ExitCode.REFUSED, "IO", sentence(e));
    }
    if (thrown instanceof UncheckedIOException e && e.getMessage() != null) {
      return failure(ExitCode.REFUSED, "IO", e.getMessage());
    }
    boolean wrapper = thrown instanceof CompletionException || thrown instanceof ExecutionException;
    if (wrapper && thrown.getCause() != null) {
      return of(thrown.getCause());
    }
    return failure(
        ExitCode.REFUSED, "INTERNAL", "unexpected: " + thrown + "; SYNCLINE_DEBUG=1 shows where");
  }

  private static Failure failure(int exitCode, String reason, String message) {
    return new Failure(exitCode, reason, message, null);
  }

  private static int exitCode(Rejection.Reason reason) {
    return switch (reason) {
      case BAD_ARGUMENT,
          KEY_NOT_FOUND,
          VERSION_NOT_FOUND,
          NAMESPACE_NOT_FOUND,
          NAMESPACE_EXISTS,
          PRECONDITION_FAILED,
          CONFLICT,
          COMPACTED,
          FUTURE_REVISION,
          TOO_LARGE,
          TOO_MANY,
          WRONG_STATE -> ExitCode.REFUSED;
      case NOT_LEADER, NOT_READY, OUTCOME_UNKNOWN, TOO_STALE, FAULT -> ExitCode.UNAVAILABLE;
    };
  }

  private static String sentence(IOException e) {
    String message = messageOf(e);
    if (e instanceof NoSuchFileException) {
      return message + ": no such file or folder";
    }
    if (e instanceof AccessDeniedException) {
      return message + ": permission denied";
    }
    if (e instanceof FileAlreadyExistsException) {
      return message + ": exists already";
    }
    return message;
  }

  private static String messageOf(Throwable thrown) {
    return Table.plain(thrown.getMessage() == null ? thrown.toString() : thrown.getMessage());
  }

  /** For people: {@code syncline: …}. */
  public String line() {
    return "syncline: " + Table.plain(message);
  }

  /** For programs: one JSON object on one line. */
  public String json() {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("reason", reason);
    fields.put("message", message);
    fields.put("exit_code", exitCode);
    if (rejection != null) {
      addDetails(fields, rejection);
    }
    return Json.line(Map.of("error", fields));
  }

  private static void addDetails(Map<String, Object> fields, Rejection rejection) {
    if (rejection.current() != null) {
      fields.put("current_version", rejection.current().version().value());
      fields.put("current_revision", rejection.current().revision().value());
    }
    if (rejection.nearest() != null) {
      fields.put("nearest_revision", rejection.nearest().value());
    }
    if (rejection.limit() != 0) {
      fields.put("given", rejection.given());
      fields.put("limit", rejection.limit());
    }
  }
}
