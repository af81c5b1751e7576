package io.syncline.client.cache;

import io.syncline.model.ConfigVersion;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.Revision;
import io.syncline.model.Selector;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.TreePMap;

/**
 * All live keys of a copy as they were at one revision. Never changes: whoever holds it sees one state,
 * whatever is applied meanwhile. The next one shares with it what is the same.
 */
public final class Image {
  static final Image EMPTY = new Image(Revision.ZERO, HashTreePMap.empty());

  private final Revision revision;
  private final PMap<NamespaceName, TreePMap<Key, ConfigVersion>> namespaces;

  private Image(Revision revision, PMap<NamespaceName, TreePMap<Key, ConfigVersion>> namespaces) {
    this.revision = revision;
    this.namespaces = namespaces;
  }

  public Revision revision() {
    return revision;
  }

  public Optional<ConfigVersion> get(NamespaceName namespace, Key key) {
    return Optional.ofNullable(find(namespace, key));
  }

  @Nullable
  ConfigVersion find(NamespaceName namespace, Key key) {
    TreePMap<Key, ConfigVersion> keys = namespaces.get(namespace);
    return keys == null ? null : keys.get(key);
  }

  /** The keys a selector covers, in order. */
  public Stream<ConfigVersion> list(Selector selector) {
    TreePMap<Key, ConfigVersion> keys = namespaces.get(selector.namespace());
    if (keys == null) {
      return Stream.empty();
    }
    Collection<ConfigVersion> from = selector.isWhole()
        ? keys.values()
        : keys.tailMap(new Key(selector.prefix()), true).values();
    return from.stream().takeWhile(selector::covers);
  }

  Set<NamespaceName> namespaces() {
    return namespaces.keySet();
  }

  /** With these heads, of which tombstones take keys away. */
  Image with(Collection<ConfigVersion> heads, Revision reached) {
    PMap<NamespaceName, TreePMap<Key, ConfigVersion>> next = namespaces;
    for (ConfigVersion head : heads) {
      TreePMap<Key, ConfigVersion> keys = next.get(head.namespace());
      TreePMap<Key, ConfigVersion> known = keys == null ? TreePMap.empty() : keys;
      next = next.plus(
          head.namespace(), head.live() ? known.plus(head.key(), head) : known.minus(head.key()));
    }
    return new Image(reached, next);
  }

  Image without(NamespaceName namespace, Collection<Key> gone) {
    TreePMap<Key, ConfigVersion> keys = namespaces.get(namespace);
    return keys == null
        ? this
        : new Image(revision, namespaces.plus(namespace, keys.minusAll(gone)));
  }
}
