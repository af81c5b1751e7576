package io.syncline.server.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.syncline.model.AuthState;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A keyspace that can be watched, and a client that watches. */
abstract class WatchServiceFixture {
  static final ByteString ZERO_BYTE = ByteString.copyFrom(new byte[1]);

  @TempDir
  Path folder;

  LocalKeyspace keyspace;
  WatchingClient client;

  @BeforeEach
  void open() {
    keyspace = new LocalKeyspace(folder, access());
    keyspace.found();
    client = WatchingClient.of(keyspace.channel());
  }

  @AfterEach
  void close() {
    keyspace.close();
    assertThat(keyspace.faults()).isEmpty();
  }

  /** Who may read what: everybody everything. */
  Access access() {
    return new Access(() -> AuthState.INITIAL);
  }

  static ByteString utf8(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
