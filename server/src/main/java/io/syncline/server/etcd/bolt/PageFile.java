package io.syncline.server.etcd.bolt;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Pages, one after the other; a page's id is its place. The meta pages at the beginning say where the rest
 * is, and so are written last: before, nobody takes the file for a database. Not thread-safe.
 */
final class PageFile implements Closeable {
  /**
   * Two, of which readers take the valid one with the higher transaction; a transaction goes into the
   * page of its parity.
   */
  private static final int META_PAGES = 2;

  private static final int MAGIC = 0xED0CDAED;
  private static final int FORMAT_VERSION = 2;
  private static final int NO_FLAGS = 0;
  private static final long NO_SEQUENCE = 0;
  private static final int BUFFER_BYTES = 64 * 1024;

  private final FileChannel channel;
  private final OutputStream pages;
  private long nextPage = META_PAGES;

  private PageFile(FileChannel channel) {
    this.channel = channel;
    this.pages = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
  }

  /**
   * @param path of a file that is not there yet
   */
  static PageFile create(Path path) throws IOException {
    var file = new PageFile(FileChannel.open(path, CREATE_NEW, WRITE));
    try {
      file.pages.write(new byte[META_PAGES * Page.SIZE_BYTES]);
    } catch (IOException e) {
      file.close();
      throw e;
    }
    return file;
  }

  /** Its id. */
  long append(Page page) throws IOException {
    long id = nextPage;
    byte[] bytes = page.encode(id);
    pages.write(bytes);
    nextPage += bytes.length / Page.SIZE_BYTES;
    return id;
  }

  /**
   * Nothing may be appended after this.
   *
   * @param rootPage of the tree that lists all buckets
   * @return how long the file is, in bytes
   */
  long finish(long rootPage) throws IOException {
    long freelist = append(new Page(Page.Kind.FREELIST));
    pages.flush();
    for (int id = 0; id < META_PAGES; id++) {
      write(meta(id, rootPage, freelist), (long) id * Page.SIZE_BYTES);
    }
    return nextPage * Page.SIZE_BYTES;
  }

  private ByteBuffer meta(int id, long rootPage, long freelistPage) {
    long transaction = id;
    ByteBuffer meta = Page.header(ByteBuffer.allocate(Page.SIZE_BYTES), id, Page.Kind.META, 0, 0);
    meta.putInt(MAGIC).putInt(FORMAT_VERSION).putInt(Page.SIZE_BYTES).putInt(NO_FLAGS);
    meta.putLong(rootPage).putLong(NO_SEQUENCE).putLong(freelistPage).putLong(nextPage);
    meta.putLong(transaction);
    long checksum = Fnv1a.of(meta.array(), Page.HEADER_BYTES, meta.position());
    return meta.putLong(checksum).rewind();
  }

  private void write(ByteBuffer bytes, long at) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes, at + bytes.position());
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
