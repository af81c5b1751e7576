package io.syncline.client;

import com.google.protobuf.ByteString;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The items of all pages, each page fetched when its first item is asked for. */
final class Paging<T> implements Iterator<T> {
  private final Function<ByteString, Fetched<T>> fetch;
  private ByteString nextPageToken;
  private boolean last;
  private Iterator<T> items = Collections.emptyIterator();

  private Paging(ByteString firstPageToken, Function<ByteString, Fetched<T>> fetch) {
    this.fetch = fetch;
    this.nextPageToken = firstPageToken;
  }

  /**
   * @param nextPageToken empty at the last page
   */
  record Fetched<T>(List<T> items, ByteString nextPageToken) {}

  static <T> Stream<T> stream(ByteString firstPageToken, Function<ByteString, Fetched<T>> fetch) {
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(
            new Paging<>(firstPageToken, fetch),
            Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.IMMUTABLE),
        false);
  }

  @Override
  public boolean hasNext() {
    // A page may be empty without being the last.
    while (!items.hasNext() && !last) {
      Fetched<T> page = fetch.apply(nextPageToken);
      items = page.items().iterator();
      nextPageToken = page.nextPageToken();
      last = nextPageToken.isEmpty();
    }
    return items.hasNext();
  }

  @Override
  public T next() {
    if (!hasNext()) {
      throw new NoSuchElementException("no further page");
    }
    return items.next();
  }
}
