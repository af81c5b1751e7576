package io.syncline.server.etcd;

import io.grpc.Context;
import io.syncline.model.Actor;

/**
 * Who calls.
 *
 * @param user empty: nobody has shown who it is
 * @param authRevision of the users and roles by which the caller was known; 0: not a client, but the
 *     voter itself
 */
record Caller(String user, long authRevision) {
  static final Caller NOBODY = new Caller("", 0);

  /** Showed nothing; allowed what needs no name. */
  static final Caller UNNAMED = new Caller("", -1);

  /** Showed a token that is not good; allowed what needs none. */
  static final Caller UNPROVEN = new Caller("", -2);

  private static final Actor UNKNOWN = new Actor("etcd client", false);
  private static final Context.Key<Caller> CURRENT = Context.key("etcd-caller");

  /** On the thread that the call came in on. */
  static Caller current() {
    Caller caller = CURRENT.get();
    return caller == null ? NOBODY : caller;
  }

  Context in(Context context) {
    return context.withValue(CURRENT, this);
  }

  /** Who is written down as the author. */
  Actor actor() {
    return user.isEmpty() ? UNKNOWN : new Actor(user, true);
  }
}
