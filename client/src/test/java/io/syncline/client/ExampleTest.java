package io.syncline.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import io.syncline.codec.ApiCodec;
import io.syncline.codec.StatusCodec;
import io.syncline.model.Actor;
import io.syncline.model.Checksum;
import io.syncline.model.Command.Content;
import io.syncline.model.Command.Put;
import io.syncline.model.ConfigVersion;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import io.syncline.model.Precondition;
import io.syncline.model.RejectedException;
import io.syncline.model.Rejection;
import io.syncline.model.Revision;
import io.syncline.model.Version;
import io.syncline.proto.api.v1.ConfigServiceGrpc;
import io.syncline.proto.api.v1.GetRequest;
import io.syncline.proto.api.v1.GetResponse;
import io.syncline.proto.api.v1.PutRequest;
import io.syncline.proto.api.v1.WriteResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The example in the Javadoc of {@link SynclineClient} compiles and does what it says. */
final class ExampleTest {
  private static final Path DOCUMENTED =
      Path.of("src/main/java/io/syncline/client/SynclineClient.java");
  private static final Path HERE = Path.of("src/test/java/io/syncline/client/ExampleTest.java");

  private static void example(String endpoints) {
    // example-begins
    try (SynclineClient client = SynclineClient.builder().endpoints(endpoints).build()) {
      Key key = Key.of("routes/api");
      client.put(NamespaceName.DEFAULT, key, ByteString.copyFromUtf8("timeout: 5s"));

      ConfigVersion read = client.get(NamespaceName.DEFAULT, key).orElseThrow();
      System.out.println(read.content().toStringUtf8() + " is version " + read.version());

      // Only if nobody else has changed it meanwhile.
      Precondition unchanged = new Precondition.AtVersion(read.version());
      Content content = Content.of(ByteString.copyFromUtf8("timeout: 9s"), "application/yaml");
      try {
        client.write(
            new Put(NamespaceName.DEFAULT, key, content, unchanged, false, null),
            "the upstream got slower");
      } catch (RejectedException e) {
        System.out.println(e.rejection().reason() + ": " + e.getMessage());
      }
    }
    // example-ends
  }

  @Test
  void theExampleWritesTwoVersions() {
    var store = new OneKey();
    try (FakeVoter voter = FakeVoter.start(store)) {
      example(voter.endpoint().toString());
    }

    ConfigVersion newest = store.newest();
    assertThat(newest.version()).isEqualTo(new Version(2));
    assertThat(newest.content().toStringUtf8()).isEqualTo("timeout: 9s");
    assertThat(newest.reason()).isEqualTo("the upstream got slower");
  }

  @Test
  void theExampleDoesNotOverwriteWhatAnotherWroteMeanwhile() {
    var store = new OneKey();
    store.afterRead = () -> store.write(ByteString.copyFromUtf8("timeout: 1s"), "another");
    try (FakeVoter voter = FakeVoter.start(store)) {
      example(voter.endpoint().toString());
    }

    assertThat(store.newest().reason()).isEqualTo("another");
  }

  @Test
  void theExampleIsTheOneInTheJavadoc() throws IOException {
    List<String> documented =
        between(Files.readAllLines(DOCUMENTED), " * <pre>{@code", " * }</pre>").stream()
            .map(line -> line.length() <= 3 ? "" : line.substring(3))
            .toList();

    assertThat(documented).isNotEmpty();
    assertThat(documented)
        .isEqualTo(
            between(Files.readAllLines(HERE), "    // example-begins", "    // example-ends")
                .stream()
                .map(line -> line.isEmpty() ? "" : line.substring(4))
                .toList());
  }

  private static List<String> between(List<String> lines, String begin, String end) {
    return lines.subList(lines.indexOf(begin) + 1, lines.indexOf(end));
  }

  /** A store of one key, of the least that the example needs. */
  private static final class OneKey extends ConfigServiceGrpc.ConfigServiceImplBase {
    private final AtomicReference<@Nullable ConfigVersion> newest = new AtomicReference<>();
    private volatile Runnable afterRead = () -> {};

    ConfigVersion newest() {
      ConfigVersion version = newest.get();
      if (version == null) {
        throw new AssertionError("nothing was written");
      }
      return version;
    }

    ConfigVersion write(ByteString content, String reason) {
      ConfigVersion before = newest.get();
      long count = before == null ? 1 : before.version().value() + 1;
      var after = new ConfigVersion(
          NamespaceName.DEFAULT,
          Key.of("routes/api"),
          new Version(count),
          new Revision(count),
          content,
          "",
          Checksum.of(content),
          content.size(),
          Instant.EPOCH,
          Actor.ANONYMOUS,
          reason,
          null,
          false,
          new Version(1),
          new Revision(1),
          null);
      newest.set(after);
      return after;
    }

    @Override
    public void put(PutRequest request, StreamObserver<WriteResponse> observer) {
      Precondition expected = ApiCodec.toDomain(request.getPrecondition());
      if (!expected.holds(newest.get())) {
        observer.onError(StatusCodec.toStatus(Rejection.preconditionFailed(
            NamespaceName.DEFAULT, new Key(request.getKey()), expected, newest.get())));
        return;
      }
      ConfigVersion written = write(request.getContent(), request.getContext().getReason());
      observer.onNext(Answers.committed(written.revision().value(), written));
      observer.onCompleted();
    }

    @Override
    public void get(GetRequest request, StreamObserver<GetResponse> observer) {
      ConfigVersion read = newest();
      afterRead.run();
      observer.onNext(
          GetResponse.newBuilder().setVersion(ApiCodec.toProto(read)).build());
      observer.onCompleted();
    }
  }
}
