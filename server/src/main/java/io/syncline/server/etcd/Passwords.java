package io.syncline.server.etcd;

import com.google.protobuf.ByteString;
import io.syncline.model.PasswordHash;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Hashes passwords, which is slow by design: on threads of its own, few at a time. Futures fail with
 * {@link RejectedExecutionException} when too many wait. Any thread.
 */
final class Passwords implements AutoCloseable {
  /** 50 to 100 ms of one core, once Java has compiled it. */
  static final int ITERATIONS = 210_000;

  private static final String ALGORITHM = "PBKDF2WithHmacSHA256";
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;
  private static final int THREADS = 2;
  /** They wait for a few seconds: as long as those who ask do. */
  private static final int MAX_WAITING = 64;

  private final SecureRandom random;
  private final int iterations;
  private final ThreadPoolExecutor threads;
  /** Of no user: checked where there is none, so that nobody learns from the time who there is. */
  private final PasswordHash decoy;

  Passwords(SecureRandom random) {
    this(random, ITERATIONS);
  }

  Passwords(SecureRandom random, int iterations) {
    this.random = random;
    this.iterations = iterations;
    this.decoy = new PasswordHash(iterations, randomBytes(SALT_BYTES), randomBytes(HASH_BYTES));
    this.threads = new ThreadPoolExecutor(
        THREADS,
        THREADS,
        1,
        TimeUnit.MINUTES,
        new ArrayBlockingQueue<>(MAX_WAITING),
        runnable -> new Thread(runnable, "syncline-password"));
    threads.allowCoreThreadTimeOut(true);
  }

  CompletableFuture<PasswordHash> hash(String password) {
    return CompletableFuture.supplyAsync(
        () -> {
          ByteString salt = randomBytes(SALT_BYTES);
          byte[] hash = derive(password, salt, iterations);
          return new PasswordHash(iterations, salt, ByteString.copyFrom(hash));
        },
        threads);
  }

  /**
   * Takes as long whatever the answer is.
   *
   * @param expected null: nothing matches
   */
  CompletableFuture<Boolean> matches(String password, @Nullable PasswordHash expected) {
    PasswordHash compared = expected == null ? decoy : expected;
    return CompletableFuture.supplyAsync(
        () -> {
          byte[] given = derive(password, compared.salt(), compared.iterations());
          return MessageDigest.isEqual(given, compared.hash().toByteArray()) && expected != null;
        },
        threads);
  }

  private static byte[] derive(String password, ByteString salt, int iterations) {
    var spec = new PBEKeySpec(
        password.toCharArray(), salt.toByteArray(), iterations, HASH_BYTES * Byte.SIZE);
    try {
      return SecretKeyFactory.getInstance(ALGORITHM).generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    } finally {
      spec.clearPassword();
    }
  }

  private ByteString randomBytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
