package io.syncline.verify.etcd;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Message;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A stream of watches through the gateway: all that is asked is in the body of the request. */
final class HttpWatchStream extends WatchStream {
  private final Lines lines = new Lines();

  /** @param body the requests, one after the other */
  HttpWatchStream(Target target, String path, String body) {
    super(target.store().strict());
    HttpRequest request = target
        .request(path, "")
        .timeout(Target.PATIENCE.multipliedBy(100))
        .POST(BodyPublishers.ofString(body))
        .build();
    CompletableFuture<HttpResponse<@Nullable Void>> unused =
        target.http().sendAsync(request, this::subscriber);
  }

  private BodySubscriber<@Nullable Void> subscriber(HttpResponse.ResponseInfo response) {
    if (response.statusCode() != 200) {
      onEnd("; the stream was refused: " + response.statusCode());
    }
    return BodySubscribers.fromLineSubscriber(
        lines, unused -> null, java.nio.charset.StandardCharsets.UTF_8, "\n");
  }

  @Override
  void send(Message request) {
    throw new UnsupportedOperationException("asked everything with the request");
  }

  @Override
  public void close() {
    lines.cancel();
  }

  private final class Lines implements Flow.Subscriber<String> {
    private volatile Flow.@Nullable Subscription subscription;

    @Override
    public void onSubscribe(Flow.Subscription received) {
      subscription = received;
      received.request(Long.MAX_VALUE);
    }

    void cancel() {
      Flow.Subscription open = subscription;
      if (open != null) {
        open.cancel();
      }
    }

    @Override
    public void onNext(String line) {
      try {
        JsonNode message = Answer.JSON.readTree(line);
        if (message.has("result")) {
          onResponse(message.get("result"));
        } else {
          onEnd("; the stream said: " + line);
        }
      } catch (JsonProcessingException e) {
        onEnd("; the stream said: " + line);
      }
    }

    @Override
    public void onError(Throwable cause) {
      onEnd("; the stream broke: " + Objects.requireNonNullElse(cause.getMessage(), "no reason"));
    }

    @Override
    public void onComplete() {
      onEnd("; the stream ended");
    }
  }
}
