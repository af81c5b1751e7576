package io.syncline.ops.command;

import io.syncline.model.Endpoint;
import io.syncline.ops.output.Table;
import io.syncline.proto.api.v1.StatusResponse;
import io.syncline.proto.api.v1.StatusResponse.Role;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What became of asking one voter for its status.
 *
 * @param name as it calls itself, or as others call it, or empty
 * @param status null if it did not answer
 * @param failure why not
 */
record VoterAnswer(
    String name,
    Endpoint endpoint,
    @Nullable StatusResponse status,
    @Nullable Throwable failure) {

  static VoterAnswer of(
      String name,
      Endpoint endpoint,
      @Nullable StatusResponse status,
      @Nullable Throwable failure) {
    return status == null
        ? new VoterAnswer(name, endpoint, null, failure)
        : new VoterAnswer(status.getHeader().getVoter(), endpoint, status, null);
  }

  boolean answered() {
    return status != null;
  }

  boolean leads() {
    return status != null && status.getRole() == Role.LEADER;
  }

  boolean follows() {
    return status != null && status.getRole() == Role.FOLLOWER;
  }

  long term() {
    return status == null ? 0 : status.getHeader().getTerm();
  }

  long revision() {
    return status == null ? 0 : status.getHeader().getRevision();
  }

  String role() {
    return status == null ? "unreachable" : status.getRole().name().toLowerCase(Locale.ROOT);
  }

  /** Why it does not serve; empty if it does. */
  List<String> reasons() {
    if (status != null) {
      return status.getNotReadyReasonsList();
    }
    return failure == null ? List.of() : List.of(root(failure));
  }

  VoterAnswer named(String newName) {
    return new VoterAnswer(newName, endpoint, status, failure);
  }

  /** Of a refused connection and its many wrappings, the refusal. */
  private static String root(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return Table.plain(root.getMessage() == null ? root.toString() : root.getMessage());
  }
}
