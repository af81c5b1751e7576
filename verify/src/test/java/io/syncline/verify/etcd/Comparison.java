package io.syncline.verify.etcd;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.TreeSet;

/** Finds the first difference between two answers in their normal form. */
final class Comparison {
  private Comparison() {}

  static Optional<Difference> of(Answer left, Answer right) {
    if (left.isInVain() || right.isInVain() || !left.status().equals(right.status())) {
      return Optional.of(new Difference("status", left.status(), right.status()));
    }
    return of("", "", left.body(), right.body());
  }

  private static Optional<Difference> of(String path, String field, JsonNode left, JsonNode right) {
    if (left.equals(right)) {
      return Optional.empty();
    }
    if (left.isObject() && right.isObject()) {
      return ofObjects(path, left, right);
    }
    if (left.isArray() && right.isArray()) {
      return ofArrays(path, field, left, right);
    }
    return Optional.of(Difference.at(path, field, left, right));
  }

  private static Optional<Difference> ofObjects(String path, JsonNode left, JsonNode right) {
    var names = new TreeSet<String>();
    left.fieldNames().forEachRemaining(names::add);
    right.fieldNames().forEachRemaining(names::add);
    return names.stream()
        .map(name -> of(path + "/" + name, name, left.path(name), right.path(name)))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<Difference> ofArrays(
      String path, String field, JsonNode left, JsonNode right) {
    for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
      var found = of(path + "/" + i, field, left.path(i), right.path(i));
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }
}
