package io.syncline.verify.etcd;

import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import io.syncline.proto.etcd.v3.AuthenticateRequest;

/** Something done to one store, the same to both. Its text tells a person what. */
interface Operation {
  Answer run(Session session);

  /** The answer without what may differ. */
  default Answer comparable(Answer answer) {
    return Normal.form(answer);
  }

  /** The request on one line. */
  static String text(Message request) {
    String text =
        TextFormat.printer().emittingSingleLine(true).printToString(request).strip();
    return text.length() <= 1500 ? text : text.substring(0, 1500) + "… (" + text.length() + ")";
  }

  /** One call, answered once. */
  record Call(Method method, Message request, Way way) implements Operation {
    @Override
    public Answer run(Session session) {
      Answer answer = session.call(method, request, way);
      if (method.equals(Method.AUTHENTICATE) && answer.isOk()) {
        var who = (AuthenticateRequest) request;
        session.authenticated(who.getName(), answer.body().path("token").asText());
      }
      return answer;
    }

    @Override
    public Answer comparable(Answer answer) {
      return Normal.form(method, request, answer);
    }

    @Override
    public String toString() {
      return method.name() + " [" + way + "] " + text(request);
    }
  }

  /**
   * What no client of the API sends: other paths, verbs and bodies.
   *
   * @param bodyCounts whether the answer's words are compared, not only its status and code
   */
  record Odd(String verb, String path, String body, boolean bodyCounts) implements Operation {
    @Override
    public Answer run(Session session) {
      return session.target().send(verb, path, body, "");
    }

    @Override
    public Answer comparable(Answer answer) {
      Answer normal = Normal.form(answer);
      return bodyCounts
          ? normal
          : new Answer(
              normal.status(), Answer.object().set("code", normal.body().path("code")));
    }

    @Override
    public String toString() {
      return verb + " " + path + " " + body;
    }
  }
}
