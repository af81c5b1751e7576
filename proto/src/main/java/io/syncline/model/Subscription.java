package io.syncline.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Everything somebody keeps a copy of. Two that ask for the same are equal, however they put it.
 *
 * @param selectors in order, none within another
 */
public record Subscription(List<Selector> selectors) {
  public static final int MAX_SELECTORS = 1000;

  /**
   * @throws IllegalArgumentException if there is none, or there are too many
   */
  public Subscription {
    selectors = withoutIncluded(selectors);
    if (selectors.isEmpty() || selectors.size() > MAX_SELECTORS) {
      throw new IllegalArgumentException("selectors: "
          + selectors.size()
          + " (expected: 1 to "
          + MAX_SELECTORS
          + ", each a namespace or namespace:prefix)");
    }
  }

  public static Subscription of(Selector... selectors) {
    return new Subscription(List.of(selectors));
  }

  private static List<Selector> withoutIncluded(Collection<Selector> given) {
    // A selector sorts before all it includes, and nothing else comes in between.
    var kept = new ArrayList<Selector>();
    for (Selector next : new TreeSet<>(given)) {
      if (kept.isEmpty() || !kept.get(kept.size() - 1).includes(next)) {
        kept.add(next);
      }
    }
    return List.copyOf(kept);
  }

  public boolean covers(ConfigVersion version) {
    return covers(version.namespace(), version.key());
  }

  public boolean covers(NamespaceName namespace, Key key) {
    return selectors.stream().anyMatch(selector -> selector.covers(namespace, key));
  }

  /** Whether everything the other covers is covered. */
  public boolean includes(Subscription other) {
    return other.selectors.stream()
        .allMatch(asked -> selectors.stream().anyMatch(ours -> ours.includes(asked)));
  }

  public Set<NamespaceName> namespaces() {
    return selectors.stream().map(Selector::namespace).collect(Collectors.toUnmodifiableSet());
  }

  /** The namespaces of which the copy is whole. */
  public Set<NamespaceName> wholeNamespaces() {
    return selectors.stream()
        .filter(Selector::isWhole)
        .map(Selector::namespace)
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public String toString() {
    return selectors.stream().map(Selector::toString).collect(Collectors.joining(","));
  }
}
