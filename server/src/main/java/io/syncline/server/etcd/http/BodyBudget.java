package io.syncline.server.etcd.http;

import java.util.concurrent.atomic.AtomicLong;

/** Bounds the memory that bodies of requests take, one by one and together. Any thread. */
final class BodyBudget {
  /** Whether bytes may be kept. */
  enum Verdict {
    TAKEN(""),
    BODY_TOO_LARGE("etcdserver: request is too large"),
    ALL_TAKEN("etcdserver: too many requests");

    private final String message;

    Verdict(String message) {
      this.message = message;
    }

    String message() {
      return message;
    }
  }

  private final int maxBodyBytes;
  private final long maxTogetherBytes;
  private final AtomicLong taken = new AtomicLong();

  BodyBudget(int maxBodyBytes, long maxTogetherBytes) {
    this.maxBodyBytes = maxBodyBytes;
    this.maxTogetherBytes = maxTogetherBytes;
  }

  int maxBodyBytes() {
    return maxBodyBytes;
  }

  Share share() {
    return new Share();
  }

  /** What one body takes. One thread. */
  final class Share {
    private int own;

    private Share() {}

    /** Takes so many bytes in all; without effect unless they are taken. */
    Verdict take(int bytes) {
      if (bytes > maxBodyBytes) {
        return Verdict.BODY_TOO_LARGE;
      }
      if (taken.addAndGet(bytes - own) > maxTogetherBytes && bytes > own) {
        taken.addAndGet(own - bytes);
        return Verdict.ALL_TAKEN;
      }
      own = bytes;
      return Verdict.TAKEN;
    }

    void giveBack() {
      taken.addAndGet(-own);
      own = 0;
    }
  }
}
