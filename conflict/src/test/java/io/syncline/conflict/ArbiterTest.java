package io.syncline.conflict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.syncline.conflict.merge.MergeOptions;
import io.syncline.conflict.merge.MergeSides;
import io.syncline.conflict.merge.PathConflict;
import io.syncline.model.ConflictType;
import io.syncline.model.Key;
import io.syncline.model.NamespaceName;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArbiterTest {
  private static final Arbiter ARBITER = Arbiter.ofClassPath(MergeOptions.DEFAULT);
  private static final ConflictCase MERGEABLE =
      conflict("limits.yaml", "a: 1\nb: 1\n", "a: 2\nb: 1\n", "a: 1\nb: 2\n");
  private static final ConflictCase COLLIDING =
      conflict("limits.yaml", "a: secret-1\n", "a: secret-2\n", "a: secret-3\n");

  @Test
  void rejectRefusesTheIncomingChange() {
    assertThat(ARBITER.resolve(MERGEABLE, Strategy.REJECT))
        .isEqualTo(new Resolution.Refused(
            Strategy.REJECT, "conflicts are rejected: CONCURRENT_MODIFICATION"));
  }

  @Test
  void acceptSourceKeepsTheLeadersContentAndAcceptTargetTakesTheIncoming() {
    assertThat(content(ARBITER.resolve(COLLIDING, Strategy.ACCEPT_SOURCE)))
        .isEqualTo("a: secret-2\n");
    assertThat(content(ARBITER.resolve(COLLIDING, Strategy.ACCEPT_TARGET)))
        .isEqualTo("a: secret-3\n");
    assertThat(content(ARBITER.resolve(conflict("k", "a", "b", null), Strategy.ACCEPT_TARGET)))
        .as("deleted")
        .isNull();
  }

  @Test
  void mergeResolvesWhatIsCertainAndLeavesTheRestOpen() {
    assertThat(content(ARBITER.resolve(MERGEABLE, Strategy.MERGE))).isEqualTo("a: 2\nb: 2\n");

    var open = (Resolution.Open) ARBITER.resolve(COLLIDING, Strategy.MERGE);
    assertThat(open.conflicts()).extracting(PathConflict::path).containsExactly("a");
  }

  @Test
  void aMergeBeyondABoundStaysOpen() {
    var arbiter = new Arbiter(List.of(), MergeOptions.DEFAULT.withMaxSizeBytes(8));

    assertThat(arbiter.resolve(MERGEABLE, Strategy.MERGE))
        .isInstanceOfSatisfying(
            Resolution.Open.class,
            open -> assertThat(open.reason()).contains("10 bytes (expected: at most 8)"));
  }

  @Test
  void manualLeavesTheConflictOpen() {
    assertThat(ARBITER.resolve(MERGEABLE, Strategy.MANUAL)).isInstanceOf(Resolution.Open.class);
  }

  @Test
  void aCustomResolverIsFoundByItsNameOnTheClassPath() {
    Strategy larger = Strategy.custom("larger-limit-wins");

    assertThat(ARBITER.resolvers()).contains("larger-limit-wins");
    assertThat(content(ARBITER.resolve(conflict("limit", "1", "20", "300"), larger)))
        .isEqualTo("300");
    assertThat(ARBITER.resolve(conflict("limit", "1", "many", "300"), larger))
        .isEqualTo(new Resolution.Open(larger, "a side is no number", List.of()));
  }

  @Test
  void aResolverThatIsNotThereLeavesTheConflictOpen() {
    assertThat(reason(ARBITER.resolve(MERGEABLE, Strategy.custom("none"))))
        .isEqualTo("there is no resolver of this name (known: [larger-limit-wins])");
  }

  @Test
  void aResolverThatFailsLeavesTheConflictOpenAndItsMessageUntold() {
    assertThat(reasonWith(conflict -> {
          throw new IllegalStateException("secret");
        }))
        .isEqualTo("the resolver failed: java.lang.IllegalStateException");
    assertThat(reasonWith(conflict -> endless(0)))
        .isEqualTo("the resolver failed: java.lang.StackOverflowError");
  }

  @Test
  @SuppressWarnings("NullAway") // what a resolver must not do is what is tested
  void aResolverThatGivesNullOrTooMuchLeavesTheConflictOpen() {
    ByteString large = ByteString.copyFrom(new byte[101]);

    assertThat(reasonWith(conflict -> null)).isEqualTo("the resolver gave null");
    assertThat(reasonWith(conflict -> new ConflictResolver.Answer.Content(large)))
        .isEqualTo("the resolver gave 101 bytes (expected: at most 100)");
  }

  @Test
  void resolversHaveProperNamesEachOnce() {
    ConflictResolver one = named("one", conflict -> new ConflictResolver.Answer.LeaveOpen(""));
    ConflictResolver bad = named("No", conflict -> new ConflictResolver.Answer.LeaveOpen(""));

    assertThatThrownBy(() -> new Arbiter(List.of(one, one), MergeOptions.DEFAULT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: each name once");
    assertThatThrownBy(() -> new Arbiter(List.of(bad), MergeOptions.DEFAULT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"No\"");
  }

  @Test
  void noTextOfAConflictShowsTheContents() {
    for (Strategy strategy : List.of(
        Strategy.REJECT,
        Strategy.ACCEPT_SOURCE,
        Strategy.ACCEPT_TARGET,
        Strategy.MERGE,
        Strategy.MANUAL,
        Strategy.custom("larger-limit-wins"))) {
      assertThat(ARBITER.resolve(COLLIDING, strategy).toString()).doesNotContain("secret");
    }
    assertThat(COLLIDING.toString()).doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "reject",
        "accept-source",
        "accept-target",
        "merge",
        "manual",
        "custom:larger-limit-wins"
      })
  void strategiesAreReadAndWrittenAlike(String text) {
    assertThat(Strategy.parse(text).toString()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Merge", "custom", "custom:", "custom:A", "custom:-a", "last-wins"})
  void whatIsNoStrategyIsRefusedWithTheExpected(String text) {
    assertThatThrownBy(() -> Strategy.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: ");
  }

  private static ConflictResolver.Answer endless(int depth) {
    return depth < 0 ? new ConflictResolver.Answer.LeaveOpen("") : endless(depth + 1);
  }

  private static String reasonWith(Function<ConflictCase, ConflictResolver.Answer> resolver) {
    var arbiter =
        new Arbiter(List.of(named("test", resolver)), MergeOptions.DEFAULT.withMaxSizeBytes(100));
    return reason(arbiter.resolve(MERGEABLE, Strategy.custom("test")));
  }

  private static ConflictResolver named(
      String name, Function<ConflictCase, ConflictResolver.Answer> resolver) {
    return new ConflictResolver() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Answer resolve(ConflictCase conflict) {
        return resolver.apply(conflict);
      }
    };
  }

  private static String reason(Resolution resolution) {
    return ((Resolution.Open) resolution).reason();
  }

  private static @Nullable String content(Resolution resolution) {
    ByteString content = ((Resolution.Resolved) resolution).content();
    return content == null ? null : content.toStringUtf8();
  }

  private static ConflictCase conflict(
      String key, String base, String ours, @Nullable String theirs) {
    var sides = new MergeSides(
        ByteString.copyFromUtf8(base),
        ByteString.copyFromUtf8(ours),
        theirs == null ? null : ByteString.copyFromUtf8(theirs));
    return new ConflictCase(
        ConflictType.CONCURRENT_MODIFICATION, new NamespaceName("default"), Key.of(key), "", sides);
  }
}
