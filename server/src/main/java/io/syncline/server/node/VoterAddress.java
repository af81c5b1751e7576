package io.syncline.server.node;

import io.syncline.model.Endpoint;

/**
 * A voter as every voter's settings name it.
 *
 * @param client where clients reach it
 * @param raft where the other voters reach it
 */
public record VoterAddress(String name, Endpoint client, Endpoint raft) {
  private static final String FORM = "name=HOST:PORT/RAFT_HOST:RAFT_PORT";

  /**
   * Reads {@code name=HOST:PORT/RAFT_HOST:RAFT_PORT}.
   *
   * @throws IllegalArgumentException if the text has another form
   */
  public static VoterAddress parse(String text) {
    int equals = text.indexOf('=');
    int slash = text.indexOf('/', equals + 1);
    if (equals <= 0 || slash < 0) {
      throw new IllegalArgumentException("voter: \"" + text + "\" (expected: " + FORM + ")");
    }
    return new VoterAddress(
        text.substring(0, equals),
        Endpoint.parse(text.substring(equals + 1, slash)),
        Endpoint.parse(text.substring(slash + 1)));
  }

  @Override
  public String toString() {
    return name + "=" + client + "/" + raft;
  }
}
