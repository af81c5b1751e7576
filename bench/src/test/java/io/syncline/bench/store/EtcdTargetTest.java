package io.syncline.bench.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.syncline.bench.load.Clock;
import io.syncline.bench.load.Load;
import io.syncline.bench.load.Measurement;
import io.syncline.bench.load.Progress;
import io.syncline.bench.load.Run;
import io.syncline.bench.store.Target.Stored;
import io.syncline.model.Key;
import io.syncline.model.KeyRange;
import io.syncline.model.Revision;
import io.syncline.model.Version;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class EtcdTargetTest {
  private static final Key KEY = Key.of("routes/api");
  private static final ByteString ONE = ByteString.copyFromUtf8("one");
  private static final ByteString TWO = ByteString.copyFromUtf8("two");

  private FakeEtcd etcd;
  private EtcdTarget target;

  @BeforeEach
  void connect() throws IOException {
    etcd = new FakeEtcd();
    target = new EtcdTarget(etcd.endpoint());
  }

  @AfterEach
  void disconnect() {
    target.close();
    etcd.close();
  }

  @Test
  void whatWasPutIsReadBack() {
    assertThat(get(KEY)).isEqualTo(Stored.NOTHING);

    assertThat(put(KEY, ONE).join()).isEqualTo(Revision.of(1));
    assertThat(put(KEY, TWO).join()).isEqualTo(Revision.of(2));

    assertThat(get(KEY)).isEqualTo(new Stored(TWO, Version.of(2)));
  }

  @Test
  void compareAndSetWritesOnlyAtTheExpectedVersion() {
    assertThat(compareAndSet(Version.NONE, ONE)).isTrue();
    assertThat(compareAndSet(Version.NONE, TWO)).isFalse();
    assertThat(compareAndSet(Version.of(1), TWO)).isTrue();

    assertThat(get(KEY)).isEqualTo(new Stored(TWO, Version.of(2)));
  }

  @Test
  void onlyWhatIsThereIsReplacedAndReadBack() {
    assertThat(replace(ONE)).isEqualTo(Stored.NOTHING);
    assertThat(get(KEY)).isEqualTo(Stored.NOTHING);

    put(KEY, ONE).join();

    assertThat(replace(TWO)).isEqualTo(new Stored(TWO, Version.of(2)));
    assertThat(get(KEY)).isEqualTo(new Stored(TWO, Version.of(2)));
  }

  @Test
  void refusalsAreFailures() {
    assertThatThrownBy(() -> put(Key.of("refused"), ONE).join())
        .hasMessageContaining("RESOURCE_EXHAUSTED: no space");
  }

  @Test
  void watchTellsWhatIsWrittenAfterItIsInPlace() throws Exception {
    var heard = new Heard();
    put(KEY, ONE).join();

    AutoCloseable watch = target.watch(KeyRange.ALL, heard).join();
    put(KEY, TWO).join();

    assertThat(heard.written.poll(30, TimeUnit.SECONDS)).isEqualTo(TWO);
    watch.close();
    assertThat(heard.ended).isNotDone();
  }

  @Test
  void aCancelledWatchTellsWhy() {
    var heard = new Heard();
    target.watch(KeyRange.ALL, heard).join();

    etcd.cancelWatch();

    assertThat(heard.ended.join()).hasMessageContaining("compacted");
  }

  @Test
  void statusTellsTheLeader() {
    assertThat(target.status(Duration.ofSeconds(30)).getLeader()).isEqualTo(11);
  }

  @Test
  void theLoadEngineDrivesIt() {
    var data = new Dataset("k", 10, 32, 1);

    Measurement measured = Run.measure(
        Clock.SYSTEM, Load.count(8, 500, 1), Workloads.put(target, data), Progress.NONE);

    assertThat(measured.errors()).isEmpty();
    assertThat(measured.operations()).isEqualTo(500);
    assertThat(put(KEY, ONE).join()).isEqualTo(Revision.of(501));
  }

  @Test
  void transactionsThatReadBackAnythingElseAreErrors() {
    var data = new Dataset("k", 10, 32, 1);
    Load load = Load.count(8, 500, 1);

    Measurement nothingThere =
        Run.measure(Clock.SYSTEM, load, Workloads.replace(target, data), Progress.NONE);
    Workloads.fillAll(target, data, 1);
    Measurement allThere =
        Run.measure(Clock.SYSTEM, load, Workloads.replace(target, data), Progress.NONE);

    assertThat(nothingThere.operations()).isZero();
    assertThat(nothingThere.errorCount()).isEqualTo(500);
    assertThat(allThere.operations()).isEqualTo(500);
    assertThat(allThere.errors()).isEmpty();
  }

  private CompletableFuture<Revision> put(Key key, ByteString content) {
    var promise = new Promise<Revision>();
    target.put(key, content, promise);
    return promise.future();
  }

  private Stored get(Key key) {
    var promise = new Promise<Stored>();
    target.get(key, promise);
    return promise.future().join();
  }

  private Stored replace(ByteString content) {
    var promise = new Promise<Stored>();
    target.replace(KEY, content, promise);
    return promise.future().join();
  }

  private boolean compareAndSet(Version expected, ByteString content) {
    var promise = new Promise<Boolean>();
    target.compareAndSet(KEY, expected, content, promise);
    return promise.future().join();
  }

  private static final class Heard implements Target.WriteListener {
    final BlockingQueue<ByteString> written = new LinkedBlockingQueue<>();
    final CompletableFuture<Throwable> ended = new CompletableFuture<>();

    @Override
    public void written(Key key, ByteString content, Revision revision) {
      written.add(content);
    }

    @Override
    public void ended(Throwable cause) {
      ended.complete(cause);
    }
  }
}
