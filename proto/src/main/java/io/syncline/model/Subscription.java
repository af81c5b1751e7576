package io.syncline.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What somebody keeps a copy of. Two that ask for the same are equal, however they put it.
 *
 * @param everything all namespaces, also those to come; there are no selectors then
 * @param selectors in order, none within another
 */
public record Subscription(boolean everything, List<Selector> selectors) {
  public static final int MAX_SELECTORS = 1000;
  public static final Subscription EVERYTHING = new Subscription(true, List.of());

  /** How people write {@link #EVERYTHING}. */
  private static final String EVERYTHING_TEXT = "*";

  /**
   * @throws IllegalArgumentException if there is no selector, or there are too many
   */
  public Subscription {
    selectors = withoutIncluded(selectors);
    boolean counted = !selectors.isEmpty() && selectors.size() <= MAX_SELECTORS;
    if (everything ? !selectors.isEmpty() : !counted) {
      throw new IllegalArgumentException("selectors: "
          + selectors.size()
          + " (expected: 1 to "
          + MAX_SELECTORS
          + ", each a namespace or namespace:prefix; or * alone)");
    }
  }

  public static Subscription of(Selector... selectors) {
    return new Subscription(false, List.of(selectors));
  }

  /**
   * Reads {@code *}, or selectors separated by commas.
   *
   * @throws IllegalArgumentException if one is no selector
   */
  public static Subscription parse(String text) {
    if (text.strip().equals(EVERYTHING_TEXT)) {
      return EVERYTHING;
    }
    var selectors = new ArrayList<Selector>();
    for (String one : text.split(",", -1)) {
      selectors.add(Selector.parse(one.strip()));
    }
    return new Subscription(false, selectors);
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
    return everything || selectors.stream().anyMatch(selector -> selector.covers(namespace, key));
  }

  /** Whether everything the other covers is covered. */
  public boolean includes(Subscription other) {
    return everything
        || (!other.everything
            && other.selectors.stream()
                .allMatch(asked -> selectors.stream().anyMatch(ours -> ours.includes(asked))));
  }

  /** Whether the copy has all of a namespace, so that its digest is the namespace's. */
  public boolean hasWhole(NamespaceName namespace) {
    return everything || selectors.contains(Selector.all(namespace));
  }

  /** What is asked for of one namespace; empty: nothing. */
  public List<Selector> within(NamespaceName namespace) {
    return everything
        ? List.of(Selector.all(namespace))
        : selectors.stream()
            .filter(selector -> selector.namespace().equals(namespace))
            .toList();
  }

  /** Those of the namespaces that anything is asked for of, by name. */
  public Set<NamespaceName> among(Collection<NamespaceName> namespaces) {
    return namespaces.stream()
        .filter(namespace -> !within(namespace).isEmpty())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Those of the namespaces of which the copy is whole, by name. */
  public Set<NamespaceName> wholeAmong(Collection<NamespaceName> namespaces) {
    return namespaces.stream()
        .filter(this::hasWhole)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Override
  public String toString() {
    return everything
        ? EVERYTHING_TEXT
        : selectors.stream().map(Selector::toString).collect(Collectors.joining(","));
  }
}
