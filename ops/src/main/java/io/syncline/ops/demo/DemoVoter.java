package io.syncline.ops.demo;

import io.syncline.model.Endpoint;
import java.util.LinkedHashMap;
import java.util.Map;

/** A voter of the demo, and the process that is it now. */
record DemoVoter(
    String name, Endpoint client, Endpoint raft, Endpoint http, Endpoint etcd, ProcessId process) {

  DemoVoter as(ProcessId newProcess) {
    return new DemoVoter(name, client, raft, http, etcd, newProcess);
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
    fields.put("http", http.toString());
    fields.put("etcd", etcd.toString());
    process.addTo(fields);
    return fields;
  }

  static DemoVoter of(Map<?, ?> fields) {
    Endpoint client = Endpoint.parse(String.valueOf(fields.get("client")));
    return new DemoVoter(
        String.valueOf(fields.get("name")),
        client,
        Endpoint.parse(String.valueOf(fields.get("raft"))),
        // a folder of an earlier release has none
        fields.get("http") instanceof String http ? Endpoint.parse(http) : DemoPorts.http(client),
        fields.get("etcd") instanceof String etcd ? Endpoint.parse(etcd) : DemoPorts.etcd(client),
        ProcessId.of(fields));
  }
}
