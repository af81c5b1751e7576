package io.syncline.ops.demo;

import io.syncline.model.Endpoint;
import java.util.LinkedHashMap;
import java.util.Map;

/** A voter of the demo, and the process that is it now. */
record DemoVoter(String name, Endpoint client, Endpoint raft, ProcessId process) {

  DemoVoter as(ProcessId newProcess) {
    return new DemoVoter(name, client, raft, newProcess);
  }

  /** As the setting {@code voters} has it. */
  String address() {
    return name + "=" + client + "/" + raft;
  }

  Map<String, Object> fields() {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("name", name);
    fields.put("client", client.toString());
    fields.put("raft", raft.toString());
    process.addTo(fields);
    return fields;
  }

  static DemoVoter of(Map<?, ?> fields) {
    return new DemoVoter(
        String.valueOf(fields.get("name")),
        Endpoint.parse(String.valueOf(fields.get("client"))),
        Endpoint.parse(String.valueOf(fields.get("raft"))),
        ProcessId.of(fields));
  }
}
