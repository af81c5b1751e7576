package io.syncline.server.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.model.PasswordHash;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is kept of a password tells whether one is it, and nothing more. */
class PasswordsTest {
  private final Passwords passwords = new Passwords(new SecureRandom(), 2_000);

  @AfterEach
  void close() {
    passwords.close();
  }

  @Test
  void matchesThatPasswordAndNoOther() {
    for (String password : new String[] {"correct horse", "", "pässwörd", "\u0000", "𝄞"}) {
      PasswordHash hash = passwords.hash(password).join();

      assertThat(passwords.matches(password, hash).join()).isTrue();
      assertThat(passwords.matches(password + "x", hash).join()).isFalse();
    }
    assertThat(passwords.matches("anything", null).join()).isFalse();
  }

  @Test
  void isSaltedAndSaysWithWhatItWasMade() {
    PasswordHash first = passwords.hash("same").join();
    PasswordHash second = passwords.hash("same").join();

    assertThat(first.hash()).isNotEqualTo(second.hash());
    assertThat(first.iterations()).isEqualTo(2_000);
    try (var later = new Passwords(new SecureRandom(), 3_000)) {
      assertThat(later.matches("same", first).join()).isTrue();
    }
  }

  @Test
  void tooManyAtATimeAreRefusedAtOnce() {
    var hashing = new ArrayList<CompletableFuture<PasswordHash>>();
    try (var slow = new Passwords(new SecureRandom(), 1_000_000)) {
      assertThatThrownBy(() -> {
            for (int i = 0; i < 1_000; i++) {
              hashing.add(slow.hash("password"));
            }
          })
          .isInstanceOf(RejectedExecutionException.class);
    }
    assertThat(hashing).hasSizeBetween(64, 66);
  }
}
