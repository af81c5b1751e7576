package io.syncline.ops.command;

import io.syncline.client.SynclineClient;
import io.syncline.model.Endpoint;
import io.syncline.proto.api.v1.Voter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The status of every voter that was named, and of those their answers name, asked side by side. */
record ClusterAnswers(List<VoterAnswer> voters) {
  ClusterAnswers {
    voters = List.copyOf(voters);
  }

  static ClusterAnswers ask(SynclineClient client, List<Endpoint> endpoints) {
    Map<Endpoint, VoterAnswer> answers = new LinkedHashMap<>();
    Map<Endpoint, String> toAsk = new LinkedHashMap<>();
    endpoints.forEach(endpoint -> toAsk.put(endpoint, ""));
    while (!toAsk.isEmpty()) {
      List<CompletableFuture<VoterAnswer>> asked = new ArrayList<>();
      toAsk.forEach((endpoint, name) -> asked.add(ask(client, endpoint, name)));
      asked.stream().map(CompletableFuture::join).forEach(a -> answers.put(a.endpoint(), a));
      toAsk.clear();
      toAsk.putAll(unasked(answers));
    }
    Map<Endpoint, String> names = names(answers.values());
    return new ClusterAnswers(withoutRepeats(answers.values().stream()
        .map(a -> a.answered() ? a : a.named(names.getOrDefault(a.endpoint(), a.name())))
        .toList()));
  }

  /** By which names those that answered know the others. */
  private static Map<Endpoint, String> names(Collection<VoterAnswer> answers) {
    var names = new LinkedHashMap<Endpoint, String>();
    for (VoterAnswer answer : answers) {
      if (answer.status() != null) {
        for (Voter voter : answer.status().getVotersList()) {
          if (!voter.getEndpoint().isEmpty()) {
            names.put(Endpoint.parse(voter.getEndpoint()), voter.getName());
          }
        }
      }
    }
    return names;
  }

  private static CompletableFuture<VoterAnswer> ask(
      SynclineClient client, Endpoint endpoint, String name) {
    return client
        .async()
        .status(endpoint)
        .handle((status, failure) -> VoterAnswer.of(name, endpoint, status, failure));
  }

  private static Map<Endpoint, String> unasked(Map<Endpoint, VoterAnswer> answers) {
    List<String> answered = answers.values().stream()
        .filter(VoterAnswer::answered)
        .map(VoterAnswer::name)
        .toList();
    Map<Endpoint, String> unasked = names(answers.values());
    unasked.values().removeAll(answered);
    unasked.keySet().removeAll(answers.keySet());
    return unasked;
  }

  /** A voter can be known by several addresses. */
  private static List<VoterAnswer> withoutRepeats(Collection<VoterAnswer> answers) {
    var byName = new LinkedHashMap<String, VoterAnswer>();
    for (VoterAnswer answer : answers) {
      byName.putIfAbsent(
          answer.name().isEmpty() ? answer.endpoint().toString() : answer.name(), answer);
    }
    return byName.values().stream()
        .sorted(Comparator.comparing(VoterAnswer::name))
        .toList();
  }

  /** Where those are that answered. */
  List<Endpoint> answering() {
    return voters.stream()
        .filter(VoterAnswer::answered)
        .map(VoterAnswer::endpoint)
        .toList();
  }

  boolean anyAnswered() {
    return voters.stream().anyMatch(VoterAnswer::answered);
  }

  /** Of several that think they lead, for a while, the one of the newest term does. */
  Optional<VoterAnswer> leader() {
    return voters.stream()
        .filter(VoterAnswer::leads)
        .max(Comparator.comparingLong(VoterAnswer::term));
  }
}
