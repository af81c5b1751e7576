package io.syncline.server.apply;

import io.syncline.model.ConfigVersion;
import io.syncline.model.Key;
import java.util.Collection;
import java.util.Iterator;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Shows what is being read in key order, with newer versions in place of older ones of the same key. */
final class Merging implements Predicate<ConfigVersion> {
  private final Iterator<ConfigVersion> newer;
  private final Predicate<ConfigVersion> shown;
  private @Nullable ConfigVersion next;
  private boolean goOn = true;

  /**
   * @param newer in key order, of keys within what is read
   * @param shown returns whether to go on
   */
  Merging(Collection<ConfigVersion> newer, Predicate<ConfigVersion> shown) {
    this.newer = newer.iterator();
    this.shown = shown;
    this.next = advance();
  }

  private @Nullable ConfigVersion advance() {
    return newer.hasNext() ? newer.next() : null;
  }

  @Override
  public boolean test(ConfigVersion older) {
    showNewerBefore(older.key());
    ConfigVersion same = next;
    if (goOn && same != null && same.key().equals(older.key())) {
      next = advance();
      goOn = shown.test(same);
    } else if (goOn) {
      goOn = shown.test(older);
    }
    return goOn;
  }

  private void showNewerBefore(Key key) {
    while (goOn && next != null && next.key().compareTo(key) < 0) {
      ConfigVersion before = next;
      next = advance();
      goOn = shown.test(before);
    }
  }

  /** After everything was read. */
  boolean finish() {
    while (goOn && next != null) {
      ConfigVersion last = next;
      next = advance();
      goOn = shown.test(last);
    }
    return goOn;
  }
}
