package io.syncline.server.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.syncline.model.AuthChange;
import io.syncline.model.AuthChange.AddRole;
import io.syncline.model.AuthChange.AddUser;
import io.syncline.model.AuthChange.ChangePassword;
import io.syncline.model.AuthChange.DeleteUser;
import io.syncline.model.AuthChange.Disable;
import io.syncline.model.AuthChange.Enable;
import io.syncline.model.AuthChange.GrantRole;
import io.syncline.model.AuthState;
import io.syncline.model.AuthUser;
import io.syncline.model.PasswordHash;
import io.syncline.model.TokenKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A token is good for one user, for a while, and only as it was made. */
class TokensTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final PasswordHash HASH =
      new PasswordHash(1, ByteString.copyFromUtf8("salt"), ByteString.copyFromUtf8("hash"));

  private final AuthState state = after(
      AuthState.INITIAL,
      new AddUser("root", HASH),
      new GrantRole("root", "root"),
      new AddUser("böb", HASH),
      new Enable(key(1)));
  private final String token = at(NOW).issue(bob(state), state.revision(), key(1));

  private static TokenKey key(int number) {
    byte[] bytes = new byte[TokenKey.SIZE_BYTES];
    bytes[0] = (byte) number;
    return new TokenKey(ByteString.copyFrom(bytes));
  }

  private static AuthState after(AuthState state, AuthChange... changes) {
    AuthState changed = state;
    for (AuthChange change : changes) {
      changed = changed.apply(change);
    }
    return changed;
  }

  private static AuthUser bob(AuthState state) {
    return Objects.requireNonNull(state.user("böb"));
  }

  private static Tokens at(Instant time) {
    return new Tokens(Clock.fixed(time, ZoneOffset.UTC));
  }

  private boolean isGood(String shown, AuthState known) {
    return at(NOW).userOf(shown, known).isPresent();
  }

  @Test
  void itIsGoodAtEveryVoterThatKnowsTheKey() {
    assertThat(at(NOW.minus(Duration.ofSeconds(3))).userOf(token, state)).contains(bob(state));
    assertThat(isGood(token, after(state, new AddRole("r"), new AddUser("c", HASH))))
        .isTrue();
  }

  @Test
  void itIsOverAfterItsLifetime() {
    Instant end = NOW.plus(Tokens.LIFETIME);
    assertThat(at(end.minusMillis(1)).userOf(token, state)).isPresent();
    assertThat(at(end).userOf(token, state)).isEmpty();
  }

  @Test
  void itIsVoidOnceThePasswordOrTheUserIsAnother() {
    assertThat(isGood(token, after(state, new ChangePassword("böb", HASH)))).isFalse();
    AuthState gone = after(state, new DeleteUser("böb"));
    assertThat(isGood(token, gone)).isFalse();
    assertThat(isGood(token, after(gone, new AddUser("böb", HASH)))).isFalse();
  }

  @Test
  void itIsVoidOnceNobodyHasToShowOneOrTheKeyIsAnother() {
    AuthState disabled = after(state, new Disable());
    assertThat(isGood(token, disabled)).isFalse();
    assertThat(isGood(token, after(disabled, new Enable(key(2))))).isFalse();
  }

  @Test
  void itIsGoodOnlyAsItWasMade() {
    int good = 0;
    for (int i = 0; i < token.length(); i++) {
      char other = token.charAt(i) == 'A' ? 'Q' : 'A';
      String changed = token.substring(0, i) + other + token.substring(i + 1);
      good += isGood(changed, state) ? 1 : 0;
      good += isGood(token.substring(0, i), state) ? 1 : 0;
    }
    assertThat(good).isZero();
    assertThat(Tokens.claimedRevision(token)).isEqualTo(state.revision());
    assertThat(Tokens.claimedRevision("no token!")).isZero();
    assertThat(isGood("", state)).isFalse();
    assertThat(isGood("no token!", state)).isFalse();
    assertThat(isGood("x".repeat(1 << 20), state)).isFalse();
  }
}
